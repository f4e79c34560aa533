package dev.kestrel.benchmarks.lab.clients;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;

/**
 * A connection with one request at a time. A request that is due while another is not answered
 * waits, and its time is counted from when it was due. Owned by the thread of its loop.
 */
final class PacedConnection {

    private static final String FIELD = "content-length:";

    private final Selector selector;
    private final SocketAddress server;
    private final byte[] request;
    private final int expected;
    private final Tally tally;
    private final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);

    /** When the requests were due that are not answered; the first of them is under way. */
    private final Queue<Long> due = new ArrayDeque<>();

    private SocketChannel channel;

    PacedConnection(
            Selector selector, SocketAddress server, byte[] request, int expected, Tally tally)
            throws IOException {
        this.selector = selector;
        this.server = server;
        this.request = request;
        this.expected = expected;
        this.tally = tally;
        channel = connect();
    }

    private SocketChannel connect() throws IOException {
        SocketChannel connected = SocketChannel.open(server);
        connected.configureBlocking(false);
        connected.socket().setTcpNoDelay(true);
        connected.register(selector, SelectionKey.OP_READ, this);
        in.clear();
        return connected;
    }

    int unanswered() {
        return due.size();
    }

    /** A request is to be sent at this time, or as soon as can be. */
    void request(long time) throws IOException {
        due.add(time);
        if (due.size() == 1) {
            send();
        }
    }

    /** Takes what has come; answers to requests that were due from {@code begin} on count. */
    void read(long begin) throws IOException {
        try {
            if (channel.read(in) < 0) {
                throw new EOFException("closed");
            }
            int head = head();
            if (head < 0 || in.position() < head + expected) {
                return;
            }
            boolean good = isOk(head) && in.position() == head + expected;
            in.clear();
            Long time = due.poll();
            if (time == null || !good) {
                tally.failed(1);
            } else {
                tally.answered();
                if (time - begin >= 0) {
                    tally.counted(System.nanoTime() - time);
                }
            }
        } catch (IOException e) {
            // What waits is lost; the server is measured with the connections it has.
            tally.failed(Math.max(1, due.size()));
            due.clear();
            channel.close();
            channel = connect();
        }
        if (!due.isEmpty()) {
            send();
        }
    }

    private void send() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** How long the head is; negative when it is not all there. */
    private int head() {
        for (int i = 0; i + 3 < in.position(); i++) {
            if (in.get(i) == '\r' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private boolean isOk(int head) {
        byte[] bytes = new byte[head];
        in.get(0, bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int field = text.indexOf(FIELD);
        if (!text.startsWith("http/1.1 200") || field < 0) {
            return false;
        }
        int end = text.indexOf('\r', field);
        return text.substring(field + FIELD.length(), end).strip().equals("" + expected);
    }

    void close() throws IOException {
        channel.close();
    }
}
