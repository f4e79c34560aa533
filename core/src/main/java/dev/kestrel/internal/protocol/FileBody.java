package dev.kestrel.internal.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A part of a file, open for as long as it is sent. */
final class FileBody implements AutoCloseable {

    private static final int PIECE = 64 * 1024;

    private final Path file;
    private final FileChannel channel;

    FileBody(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    /** Copies a part of the file to a response that has started. */
    void copyTo(ProtocolResponse response, long offset, long count) throws IOException {
        byte[] piece = new byte[(int) Math.min(count, PIECE)];
        ByteBuffer buffer = ByteBuffer.wrap(piece);
        long at = offset;
        long end = offset + count;
        while (at < end) {
            buffer.clear().limit((int) Math.min(end - at, piece.length));
            int n = channel.read(buffer, at);
            if (n < 0) {
                throw new IOException(
                        file
                                + " became shorter while it was sent: "
                                + (end - at)
                                + " bytes are missing");
            }
            response.write(piece, 0, n);
            at += n;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
