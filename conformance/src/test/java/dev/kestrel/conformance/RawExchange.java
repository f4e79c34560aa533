package dev.kestrel.conformance;

import dev.kestrel.testkit.Http1Response;
import dev.kestrel.testkit.Http1ResponseReader;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends bytes to a server over a socket of their own and reads what it answers. */
final class RawExchange implements AutoCloseable {

    /**
     * How long the client listens before it takes the server's silence for waiting and ends its own
     * side. Whoever answers later than that is still heard, so the figure decides how long the test
     * takes and not what it finds.
     */
    private static final int SILENCE_MILLIS = 200;

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final List<Integer> statuses = new ArrayList<>();
    private boolean waited;
    private boolean goAway;

    /** Connects, sends and reads until the server ends the connection. */
    RawExchange(int port, byte[] request) throws IOException {
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(SILENCE_MILLIS);
        try {
            socket.getOutputStream().write(request);
            if (startsWithHttp2Preface(request)) {
                // Told in HTTP/2 that HTTP/1.1 is spoken here: a GOAWAY frame.
                goAway = new Listening().readAllBytes().length == 17;
            } else {
                readAll(new Http1ResponseReader(new Listening()), methodOf(request));
            }
        } catch (SocketException e) {
            // A reset: what was read so far is the answer.
            assert !socket.isClosed();
        }
    }

    /** The statuses of the final answers in order. */
    List<Integer> statuses() {
        return statuses;
    }

    /** Whether the server answered in HTTP/2. */
    boolean wasToldToGoAway() {
        return goAway;
    }

    private static boolean startsWithHttp2Preface(byte[] request) {
        return new String(request, StandardCharsets.ISO_8859_1).startsWith("PRI * HTTP/2.0");
    }

    /** Whether the server still waited for more when the client ended its side. */
    boolean waited() {
        return waited;
    }

    private void readAll(Http1ResponseReader reader, String method) throws IOException {
        while (true) {
            Http1Response response = reader.readHead();
            if (response == null) {
                return;
            }
            if (!response.isInterim()) {
                statuses.add(response.status());
            }
            reader.readBody(response, statuses.size() <= 1 ? method : "GET");
        }
    }

    private static String methodOf(byte[] request) {
        String start =
                new String(request, 0, Math.min(request.length, 16), StandardCharsets.ISO_8859_1);
        int space = start.stripLeading().indexOf(' ');
        return space < 0 ? "GET" : start.stripLeading().substring(0, space);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Reads from the socket; ends the client's side when nothing comes for a while. */
    private final class Listening extends InputStream {

        private final InputStream in = socket.getInputStream();

        Listening() throws IOException {}

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            try {
                return in.read(target, offset, count);
            } catch (SocketTimeoutException e) {
                if (waited) {
                    throw e;
                }
                waited = true;
                socket.shutdownOutput();
                socket.setSoTimeout(PATIENCE_MILLIS);
                return in.read(target, offset, count);
            }
        }
    }
}
