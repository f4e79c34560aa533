package dev.kestrel.internal.http3;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.qpack.QPackDecoder;
import dev.kestrel.internal.qpack.QPackEncoder;
import dev.kestrel.internal.qpack.QPackException;
import dev.kestrel.internal.qpack.QPackFieldSection;
import dev.kestrel.internal.qpack.QPackHeaderWriter;
import dev.kestrel.options.HeaderEncodingSelector;
import dev.kestrel.options.KestrelServerOptions;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The compression of one connection (RFC 9204), which all of its threads share: a lock for what
 * comes and one for what goes out. Nothing waits for the client while it holds one; a stream whose
 * fields wait for the client's encoder stream waits on its own thread, and nobody else does.
 */
final class Http3QPack {

    private final Http3Outbound outbound;
    private final boolean dynamic;
    private final FieldOctets octets;

    private final ReentrantLock decoding = new ReentrantLock();
    private final Condition inserted = decoding.newCondition();
    private final QPackDecoder decoder;

    private final ReentrantLock encoding = new ReentrantLock();
    private final QPackEncoder encoder;

    Http3QPack(Http3Bounds bounds, KestrelServerOptions options, Http3Outbound outbound) {
        this.outbound = outbound;
        dynamic = bounds.headerTableSize() > 0;
        decoder = new QPackDecoder(bounds.headerTableSize(), bounds.blockedStreams());
        encoder =
                new QPackEncoder(
                        bounds.headerTableSize(),
                        HPackIndexingPolicy.DEFAULT.withNeverIndexed(
                                options.neverIndexedHeaders()));
        octets = octets(options.responseHeaderEncodingSelector());
    }

    private static FieldOctets octets(HeaderEncodingSelector selector) {
        if (selector == HeaderEncodingSelector.DEFAULT) {
            return FieldOctets.LATIN_1;
        }
        return (name, value) -> {
            Charset charset = selector.select(name);
            return charset == null
                    ? value
                    : new String(value.getBytes(charset), StandardCharsets.ISO_8859_1);
        };
    }

    /** The sections of a stream. */
    QPackFieldSection newSection(Http3Bounds bounds) {
        return new QPackFieldSection(decoder, bounds.headers());
    }

    /** What writes the responses of a stream. */
    QPackHeaderWriter newWriter() {
        return new QPackHeaderWriter(encoder, octets);
    }

    // What comes.

    /** Reads the prefix of a section, or a piece of it. */
    int readPrefix(QPackFieldSection section, byte[] array, int from, int to, boolean last)
            throws IOException {
        decoding.lock();
        try {
            return section.readPrefix(array, from, to, last);
        } catch (QPackException e) {
            throw error(e);
        } finally {
            decoding.unlock();
        }
    }

    /** Decodes a piece of a section that is not blocked. */
    HPackResult decode(
            QPackFieldSection section,
            byte[] array,
            int from,
            int to,
            boolean last,
            Http3RequestHead head)
            throws IOException {
        boolean replies;
        HPackResult result;
        decoding.lock();
        try {
            result = section.decode(array, from, to, last, head);
            replies = decoder.hasInstructions();
        } catch (QPackException e) {
            throw error(e);
        } finally {
            decoding.unlock();
        }
        if (replies) {
            outbound.wake();
        }
        return result;
    }

    /**
     * Waits until the client has sent what a section needs. Ends when the stream ends, for whatever
     * reason, and somebody {@linkplain #wakeBlocked says so}.
     *
     * @throws IOException when the stream has ended
     */
    void awaitUnblocked(QPackFieldSection section, Http3StreamLife stream) throws IOException {
        decoding.lock();
        try {
            while (section.isBlocked()) {
                stream.checkAlive();
                inserted.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The thread was interrupted while it waited");
        } finally {
            decoding.unlock();
        }
    }

    /** Has all streams that wait look whether they have ended. From any thread. */
    void wakeBlocked() {
        decoding.lock();
        try {
            inserted.signalAll();
        } finally {
            decoding.unlock();
        }
    }

    /** A stream is not read to its end. */
    void cancelStream(long streamId) throws Http3ConnectionException {
        if (!dynamic) {
            return;
        }
        decoding.lock();
        try {
            decoder.cancelStream(streamId);
        } catch (QPackException e) {
            throw connectionError(e);
        } finally {
            decoding.unlock();
        }
        outbound.wake();
    }

    /** Follows the client's encoder stream. */
    void onEncoderStream(byte[] array, int from, int to) throws Http3ConnectionException {
        boolean replies;
        decoding.lock();
        try {
            decoder.onEncoderStream(array, from, to);
            inserted.signalAll();
            replies = decoder.hasInstructions();
        } catch (QPackException e) {
            throw connectionError(e);
        } finally {
            decoding.unlock();
        }
        if (replies) {
            outbound.wake();
        }
    }

    /** Takes what our decoder stream has to say; returns where the next octet goes. */
    int drainDecoder(byte[] target) {
        decoding.lock();
        try {
            return decoder.hasInstructions()
                    ? decoder.writeInstructions(target, 0, target.length)
                    : 0;
        } finally {
            decoding.unlock();
        }
    }

    // What goes out.

    /** Follows the client's SETTINGS. */
    void peerSettings(long tableCapacity, long blockedStreams) {
        encoding.lock();
        try {
            encoder.setPeerSettings(tableCapacity, blockedStreams);
        } finally {
            encoding.unlock();
        }
        outbound.wake();
    }

    /** Begins the section of a response; returns its length. */
    int beginResponse(QPackHeaderWriter writer, long streamId, int status, HttpHeaders fields) {
        boolean inserts;
        int length;
        encoding.lock();
        try {
            length = writer.beginResponse(streamId, status, fields);
            inserts = encoder.hasInstructions();
        } finally {
            encoding.unlock();
        }
        if (inserts) {
            outbound.wake();
        }
        return length;
    }

    /** Begins the section of trailers; returns its length. */
    int beginTrailers(QPackHeaderWriter writer, long streamId, HttpHeaders fields) {
        boolean inserts;
        int length;
        encoding.lock();
        try {
            length = writer.beginTrailers(streamId, fields);
            inserts = encoder.hasInstructions();
        } finally {
            encoding.unlock();
        }
        if (inserts) {
            outbound.wake();
        }
        return length;
    }

    /** Follows the client's decoder stream. */
    void onDecoderStream(byte[] array, int from, int to) throws Http3ConnectionException {
        encoding.lock();
        try {
            encoder.onDecoderStream(array, from, to);
        } catch (QPackException e) {
            throw connectionError(e);
        } finally {
            encoding.unlock();
        }
    }

    /** Takes what our encoder stream has to say; returns where the next octet goes. */
    int drainEncoder(byte[] target) {
        encoding.lock();
        try {
            return encoder.hasInstructions()
                    ? encoder.writeInstructions(target, 0, target.length)
                    : 0;
        } finally {
            encoding.unlock();
        }
    }

    private static IOException error(QPackException e) {
        return e.isStreamError()
                ? new Http3StreamException(e.code(), String.valueOf(e.getMessage()))
                : connectionError(e);
    }

    private static Http3ConnectionException connectionError(QPackException e) {
        return new Http3ConnectionException(e.code(), String.valueOf(e.getMessage()));
    }
}
