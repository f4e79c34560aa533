package dev.kestrel.connections.sockets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * The file under which a Unix domain socket is found. The system makes it when the socket is bound
 * and does not remove it when the socket is closed.
 */
final class UnixSocketFile {

    private static final System.Logger LOG = System.getLogger(UnixSocketFile.class.getName());

    private final Path path;
    private final @Nullable Object key;

    private UnixSocketFile(Path path) throws IOException {
        this.path = path.toAbsolutePath();
        this.key = attributes(this.path).fileKey();
    }

    /**
     * Binds the channel; a file that is in the way is removed first when it is a socket and nobody
     * answers on it.
     */
    static UnixSocketFile bind(
            ServerSocketChannel channel, UnixDomainSocketAddress address, int backlog)
            throws IOException {
        Path path = address.getPath();
        try {
            channel.bind(address, backlog);
        } catch (IOException e) {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            if (!attributes(path).isOther()) {
                // Not with e as its cause: that one says "in use", which would be the wrong advice.
                throw new IOException("a file that is not a socket has this name");
            }
            if (!isStale(address)) {
                throw e;
            }
            LOG.log(Level.DEBUG, "Removing the socket file {0}, on which nobody answers", path);
            Files.deleteIfExists(path);
            channel.bind(address, backlog);
        }
        return new UnixSocketFile(path);
    }

    /** Only a refusal proves that nobody listens; any other answer may come from a live server. */
    private static boolean isStale(UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A full backlog must not make this wait.
            probe.configureBlocking(false);
            probe.connect(address);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes the file, unless another server has put its own there meanwhile. */
    void delete() {
        try {
            if (Objects.equals(key, attributes(path).fileKey())) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "The socket file {0} is gone already", path);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The socket file " + path + " could not be removed", e);
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
