package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/** RFC 9000 section 8.1.4: what a token has to be, so that nobody else can make one. */
class RetryTokensTest {

    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 4000);
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};

    private final Handshakes handshakes = new Handshakes(new TestHosts());
    private final AtomicLong clock = new AtomicLong(1_000_000);

    private RetryTokens tokens(QuicTransportOptions.Builder options) {
        return new RetryTokens(handshakes, options.build(), clock::get);
    }

    private RetryTokens always() {
        return tokens(QuicTransportOptions.builder().retryThreshold(0));
    }

    private static ByteBuf make(RetryTokens tokens) {
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens.writeToken(token, Unpooled.wrappedBuffer(ID), CLIENT)).isTrue();
        return token;
    }

    @Test
    void aTokenBringsTheFirstConnectionIdBack() {
        RetryTokens tokens = always();
        ByteBuf token = make(tokens);
        assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
        int at = tokens.validateToken(token, CLIENT);
        byte[] id = new byte[token.readableBytes() - at];
        token.getBytes(at, id);
        assertThat(id).isEqualTo(ID);
    }

    /**
     * "Tokens sent in Retry packets SHOULD include information that allows the server to verify
     * that the source IP address and port in client packets remain constant."
     */
    @Test
    void aTokenOfAnotherAddressOrPort() {
        RetryTokens tokens = always();
        ByteBuf token = make(tokens);
        assertThat(tokens.validateToken(token, new InetSocketAddress("127.0.0.2", 4000)))
                .isNegative();
        assertThat(tokens.validateToken(token, new InetSocketAddress("127.0.0.1", 4001)))
                .isNegative();
    }

    /** "The token MUST be covered by integrity protection against modification." */
    @Test
    void aTokenThatWasChanged() {
        RetryTokens tokens = always();
        ByteBuf token = make(tokens);
        for (int i = 0; i < token.readableBytes(); i++) {
            ByteBuf changed = token.copy();
            changed.setByte(i, changed.getByte(i) ^ 1);
            assertThat(tokens.validateToken(changed, CLIENT)).isNegative();
        }
        for (int length = 0; length < token.readableBytes(); length++) {
            assertThat(tokens.validateToken(token.copy(0, length), CLIENT)).isNegative();
        }
    }

    /**
     * "Servers SHOULD ensure that tokens sent in Retry packets are only accepted for a short time."
     */
    @Test
    void aTokenThatIsTooOld() {
        RetryTokens tokens = always();
        ByteBuf token = make(tokens);
        clock.addAndGet(10_000);
        assertThat(tokens.validateToken(token, CLIENT)).isPositive();
        clock.incrementAndGet();
        assertThat(tokens.validateToken(token, CLIENT)).isNegative();
    }

    @Test
    void aTokenOfAnotherServer() {
        assertThat(always().validateToken(make(always()), CLIENT)).isNegative();
    }

    @Test
    void underLoadAlone() {
        RetryTokens tokens = tokens(QuicTransportOptions.builder().retryThreshold(1));
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens.writeToken(token, Unpooled.wrappedBuffer(ID), CLIENT)).isFalse();
        handshakes.started();
        assertThat(tokens.writeToken(token, Unpooled.wrappedBuffer(ID), CLIENT)).isTrue();
    }

    @Test
    void withTheMostHandshakesUnderWayNobodyIsLetIn() {
        RetryTokens tokens =
                tokens(QuicTransportOptions.builder().retryThreshold(9).maxPendingHandshakes(1));
        handshakes.started();
        ByteBuf token = make(tokens);
        assertThat(tokens.validateToken(token, CLIENT)).isNegative();
        handshakes.ended(true);
        assertThat(tokens.validateToken(token, CLIENT)).isPositive();
    }
}
