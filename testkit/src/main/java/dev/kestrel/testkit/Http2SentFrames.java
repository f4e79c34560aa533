package dev.kestrel.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Follows what a test sends as a server would read it, so that the client's books are right whether
 * a test sends frames or bytes. What does not begin with the preface is not HTTP/2 and not
 * followed.
 */
final class Http2SentFrames {

    private final Http2Books books;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean prefaceSent;
    private boolean other;
    private boolean inBlock;

    Http2SentFrames(Http2Books books) {
        this.books = books;
    }

    /** Whether the server does not wait for the rest of anything, so that a PING may follow. */
    boolean isAtRest() {
        return prefaceSent && !other && !inBlock && pending.size() == 0;
    }

    void sent(byte[] bytes) {
        if (other) {
            return;
        }
        pending.writeBytes(bytes);
        byte[] all = pending.toByteArray();
        int at = prefaceSent ? 0 : preface(all);
        if (prefaceSent) {
            at = frames(all, at);
        }
        pending.reset();
        pending.write(all, at, all.length - at);
    }

    private int preface(byte[] all) {
        byte[] preface = Http2Frames.preface();
        int count = Math.min(all.length, preface.length);
        if (!Arrays.equals(all, 0, count, preface, 0, count)) {
            other = true;
            return 0;
        }
        prefaceSent = count == preface.length;
        return prefaceSent ? count : 0;
    }

    private int frames(byte[] all, int start) {
        int at = start;
        while (all.length - at >= 9) {
            int length = (all[at] & 0xFF) << 16 | (all[at + 1] & 0xFF) << 8 | all[at + 2] & 0xFF;
            if (all.length - at - 9 < length) {
                break;
            }
            int type = all[at + 3] & 0xFF;
            int flags = all[at + 4] & 0xFF;
            int id = Http2FrameReader.intAt(all, at + 5) & Integer.MAX_VALUE;
            at += 9;
            if (type == Http2Frames.HEADERS || type == Http2Frames.CONTINUATION) {
                inBlock = (flags & Http2Frames.END_HEADERS) == 0;
            }
            books.sent(type, flags, id, Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        return at;
    }
}
