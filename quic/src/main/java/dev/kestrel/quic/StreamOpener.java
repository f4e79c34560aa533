package dev.kestrel.quic;

import dev.kestrel.connections.ConnectionResetException;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;

/**
 * Opens streams of this side, as many as the client allows; who wants more waits. The queue is the
 * loop's.
 */
final class StreamOpener {

    private final QuicConnection connection;
    private final QuicChannel channel;
    private final ArrayDeque<Opening> waiting = new ArrayDeque<>();
    private @Nullable IOException failure;

    StreamOpener(QuicConnection connection, QuicChannel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    /** Opens one and waits for it. From any thread. */
    QuicStream open() throws IOException {
        Opening opening = new Opening();
        connection.queue().add(opening);
        try {
            return opening.await();
        } catch (InterruptedException e) {
            connection.queue().add(LoopTask.of(opening::abandon));
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "The thread was interrupted while it waited to open a stream");
        }
    }

    /** The client may allow more now. */
    void retry() {
        while (!waiting.isEmpty()
                && channel.peerAllowedStreams(QuicStreamType.UNIDIRECTIONAL) > 0) {
            waiting.removeFirst().run();
        }
    }

    void end(IOException reason) {
        failure = reason;
        for (Opening opening : waiting) {
            opening.done(null, reason);
        }
        waiting.clear();
    }

    /** One wish. */
    private final class Opening extends LoopTask {

        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable QuicStream stream;
        private @Nullable IOException problem;

        QuicStream await() throws InterruptedException, IOException {
            done.await();
            QuicStream opened = stream;
            if (opened == null) {
                throw problem != null ? problem : new IOException("No stream was opened");
            }
            return opened;
        }

        @Override
        void run() {
            if (failure != null) {
                done(null, failure);
            } else if (channel.peerAllowedStreams(QuicStreamType.UNIDIRECTIONAL) <= 0) {
                waiting.add(this);
            } else {
                create();
            }
        }

        @Override
        void drop() {
            done(null, new ConnectionResetException("The transport was closed", null));
        }

        private void create() {
            // Used once the channel is registered, which is on this loop and at once.
            ChannelInitializer<Channel> initializer =
                    new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel opened) {
                            stream = connection.add((QuicStreamChannel) opened);
                        }
                    };
            channel.createStream(QuicStreamType.UNIDIRECTIONAL, initializer)
                    .addListener(
                            future ->
                                    done(
                                            stream,
                                            future.isSuccess()
                                                    ? null
                                                    : connection.failure(future.cause())));
        }

        void abandon() {
            QuicStream opened = stream;
            if (!waiting.remove(this) && opened != null) {
                opened.close();
            }
        }

        void done(@Nullable QuicStream opened, @Nullable IOException reason) {
            stream = opened;
            problem = reason;
            done.countDown();
        }
    }
}
