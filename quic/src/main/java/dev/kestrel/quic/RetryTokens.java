package dev.kestrel.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proofs that a client receives at the address it sends from (RFC 9000 section 8.1). A token holds
 * when it was made and the connection id that the client had chosen first; a key that is made at
 * the start and shared by all loops signs these together with the client's address and port.
 *
 * <p>A Retry costs nothing to remember. It is asked for from so many handshakes under way on; with
 * the most that may be under way, clients that have the proof are not let in either.
 */
final class RetryTokens implements QuicTokenHandler {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int TIME = Long.BYTES;
    private static final int SIGNATURE = 16;
    private static final int OVERHEAD = TIME + SIGNATURE;

    private final SecretKeySpec key;
    private final Handshakes handshakes;
    private final int threshold;
    private final int most;
    private final long lifetime;
    private final LongSupplier clock;

    /**
     * Makes a handler with a key of its own.
     *
     * @param clock tells milliseconds
     */
    RetryTokens(Handshakes handshakes, QuicTransportOptions options, LongSupplier clock) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
        this.handshakes = handshakes;
        this.threshold = options.retryThreshold();
        this.most = options.maxPendingHandshakes();
        this.lifetime = TimeUnit.MILLISECONDS.convert(options.retryTokenLifetime());
        this.clock = clock;
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress address) {
        if (handshakes.underWay() < Math.min(threshold, most)) {
            return false;
        }
        byte[] id = new byte[connectionId.readableBytes()];
        connectionId.getBytes(connectionId.readerIndex(), id);
        long now = clock.getAsLong();
        out.writeLong(now).writeBytes(sign(now, id, address)).writeBytes(id);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int start = token.readerIndex();
        int length = token.readableBytes() - OVERHEAD;
        if (length < 0 || length > Quic.MAX_CONN_ID_LEN || handshakes.underWay() >= most) {
            return -1;
        }
        long made = token.getLong(start);
        long age = clock.getAsLong() - made;
        if (age < 0 || age > lifetime) {
            return -1;
        }
        byte[] signature = new byte[SIGNATURE];
        token.getBytes(start + TIME, signature);
        byte[] id = new byte[length];
        token.getBytes(start + OVERHEAD, id);
        return MessageDigest.isEqual(signature, sign(made, id, address)) ? OVERHEAD : -1;
    }

    @Override
    public int maxTokenLength() {
        return OVERHEAD + Quic.MAX_CONN_ID_LEN;
    }

    private byte[] sign(long time, byte[] id, InetSocketAddress address) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(ByteBuffer.allocate(TIME).putLong(time).flip());
            mac.update((byte) id.length);
            mac.update(id);
            byte[] ip = address.getAddress().getAddress();
            mac.update((byte) ip.length);
            mac.update(ip);
            mac.update((byte) (address.getPort() >> 8));
            mac.update((byte) address.getPort());
            return Arrays.copyOf(mac.doFinal(), SIGNATURE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
