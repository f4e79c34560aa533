package dev.kestrel.testkit;

import static dev.kestrel.testkit.Http2Books.require;

import java.util.List;
import java.util.Set;

/** What a client knows of one stream: how far the server's response is, and both windows. */
final class Http2StreamBook {

    private static final Set<String> CONNECTION_SPECIFIC =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final int id;
    private boolean hasHead;
    private boolean ended;
    private boolean reset;
    private long contentLength = -1;
    private long bodyBytes;

    /** What the client's WINDOW_UPDATE frames gave beyond the initial window, less the DATA. */
    long credit;

    /** What the client may send beyond the server's initial window. */
    long sendCredit;

    Http2StreamBook(int id) {
        this.id = id;
    }

    void receivedHeaders(Http2ReceivedFrame frame) {
        requireOpen(frame);
        fieldsAreWellFormed(frame.fields());
        boolean pseudo = frame.fields().stream().anyMatch(field -> field.name().startsWith(":"));
        if (hasHead) {
            require(!pseudo, "Trailers have no pseudo-header fields", "8.1", frame);
            require(frame.endsStream(), "Trailers end the stream", "8.1", frame);
            ended(frame);
            return;
        }
        require(
                !frame.fields().isEmpty() && frame.fields().getFirst().name().equals(":status"),
                "A response begins with :status",
                "8.3.2",
                frame);
        String status = frame.fields().getFirst().value();
        require(status.matches("[1-5][0-9][0-9]"), "A status has three digits", "8.3.2", frame);
        require(!status.equals("101"), "HTTP/2 has no 101", "8.6", frame);
        if (status.startsWith("1")) {
            require(!frame.endsStream(), "An interim response is not the last", "8.1", frame);
            return;
        }
        hasHead = true;
        for (Http2Response.Field field : frame.fields()) {
            if (field.name().equals("content-length")) {
                contentLength = Long.parseLong(field.value());
            }
        }
        if (frame.endsStream()) {
            ended(frame);
        }
    }

    private void fieldsAreWellFormed(List<Http2Response.Field> fields) {
        boolean regular = false;
        for (Http2Response.Field field : fields) {
            String name = field.name();
            String value = field.value();
            boolean pseudo = name.startsWith(":");
            require(!pseudo || name.equals(":status"), "A pseudo-header field", "8.3", field);
            require(!pseudo || !regular, "Pseudo-header fields come first", "8.3", field);
            require(name.matches(":?[!#$%&'*+.^_`|~0-9a-z-]+"), "A field name", "8.2.1", field);
            require(
                    value.indexOf('\r') < 0 && value.indexOf('\n') < 0 && value.indexOf('\0') < 0,
                    "A field value without CR, LF and NUL",
                    "8.2.1",
                    field);
            require(
                    !value.startsWith(" ") && !value.endsWith(" ") && !value.startsWith("\t"),
                    "A field value without white space around it",
                    "8.2.1",
                    field);
            require(
                    !CONNECTION_SPECIFIC.contains(name),
                    "No connection-specific fields",
                    "8.2.2",
                    field);
            regular |= !pseudo;
        }
    }

    void receivedData(Http2ReceivedFrame frame, long initialWindow) {
        requireOpen(frame);
        require(hasHead, "DATA follows the head of the response", "8.1", frame);
        int length = frame.pieces().getFirst();
        credit -= length;
        require(
                length == 0 || initialWindow + credit >= 0,
                "DATA within the window of stream " + id,
                "6.9.1",
                frame);
        bodyBytes += frame.length();
        require(
                contentLength < 0 || bodyBytes <= contentLength,
                "No more DATA than content-length " + contentLength,
                "8.1.1",
                frame);
        if (frame.endsStream()) {
            ended(frame);
        }
    }

    void receivedReset(Http2ReceivedFrame frame) {
        require(!reset, "One RST_STREAM a stream", "5.4.2", frame);
        reset = true;
    }

    void receivedWindowUpdate(Http2ReceivedFrame frame) {
        require(!reset, "No frames on a stream that the server has reset", "5.1", frame);
    }

    private void ended(Http2ReceivedFrame frame) {
        ended = true;
        // A response to HEAD, and 304, say how long the body is that they do not have.
        require(
                contentLength < 0 || bodyBytes == contentLength || bodyBytes == 0,
                "As much DATA as content-length " + contentLength + ", not " + bodyBytes,
                "8.1.1",
                frame);
    }

    private void requireOpen(Http2ReceivedFrame frame) {
        require(!ended, "No frames behind the server's END_STREAM", "5.1", frame);
        require(!reset, "No frames behind the server's RST_STREAM", "5.1", frame);
    }
}
