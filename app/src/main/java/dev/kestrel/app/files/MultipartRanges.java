package dev.kestrel.app.files;

import dev.kestrel.http.ByteRange;
import dev.kestrel.http.HttpResponse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Several ranges in one answer (RFC 9110 section 14.6). Its length is known before it is sent. */
final class MultipartRanges {

    private final String type;
    private final long size;
    private final List<ByteRange> ranges;
    private final String boundary = UUID.randomUUID().toString().replace("-", "");

    MultipartRanges(String type, long size, List<ByteRange> ranges) {
        this.type = type;
        this.size = size;
        this.ranges = ranges;
    }

    void send(HttpResponse response, Path file) throws IOException {
        response.status(206).contentType("multipart/byteranges; boundary=" + boundary);
        response.contentLength(length());
        String before = "";
        for (ByteRange range : ranges) {
            response.bodyWriter().writeLatin1(before + head(range));
            response.sendFile(file, range.first(), range.length());
            before = "\r\n";
        }
        response.bodyWriter().writeLatin1(tail());
    }

    private long length() {
        long length = tail().length() + 2L * (ranges.size() - 1);
        for (ByteRange range : ranges) {
            length += head(range).getBytes(StandardCharsets.ISO_8859_1).length + range.length();
        }
        return length;
    }

    private String head(ByteRange range) {
        return "--"
                + boundary
                + "\r\nContent-Type: "
                + type
                + "\r\nContent-Range: "
                + range.contentRange(size)
                + "\r\n\r\n";
    }

    private String tail() {
        return "\r\n--" + boundary + "--\r\n";
    }
}
