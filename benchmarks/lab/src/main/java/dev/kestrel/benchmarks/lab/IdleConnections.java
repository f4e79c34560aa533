package dev.kestrel.benchmarks.lab;

import dev.kestrel.benchmarks.lab.servers.Payload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections of HTTP/1.1 that are opened, used once, and then only held. */
final class IdleConnections implements AutoCloseable {

    private static final byte[] REQUEST =
            """
            GET /plaintext HTTP/1.1\r
            Host: localhost\r
            User-Agent: lab\r
            Accept: */*\r
            \r
            """
                    .getBytes(StandardCharsets.US_ASCII);

    private static final int BATCH = 32;

    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);

    /** Opens some more, a few at a time, which no server has to turn away. */
    void open(int port, int count) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int opened = 0; opened < count; opened += BATCH) {
            int first = channels.size();
            for (int i = opened; i < Math.min(count, opened + BATCH); i++) {
                SocketChannel channel = SocketChannel.open(address);
                channels.add(channel);
                channel.write(ByteBuffer.wrap(REQUEST));
            }
            for (SocketChannel channel : channels.subList(first, channels.size())) {
                await(channel);
            }
        }
    }

    /** Reads to the end of the answer; the calling thread waits as long as the server does. */
    private void await(SocketChannel channel) throws IOException {
        String end = new String(Payload.hello(), StandardCharsets.US_ASCII);
        buffer.clear();
        while (true) {
            if (channel.read(buffer) < 0) {
                throw new UnavailableException(
                        "it closed connection " + channels.size() + " instead of answering");
            }
            String soFar = StandardCharsets.ISO_8859_1.decode(buffer.duplicate().flip()).toString();
            if (soFar.contains(end)) {
                return;
            }
        }
    }

    /** How many the server has closed in the meantime. */
    int lost() throws IOException {
        int lost = 0;
        for (SocketChannel channel : channels) {
            channel.configureBlocking(false);
            buffer.clear();
            if (channel.read(buffer) < 0) {
                lost++;
            }
        }
        return lost;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
