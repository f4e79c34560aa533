package dev.kestrel.benchmarks.lab.servers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Answers that are the same for all requests, and which can be sent many times at once. */
final class NettyBodies {

    private static final ByteBuf HELLO = constant(Payload.hello());
    private static final ByteBuf MESSAGE = constant(Payload.message());
    private static final ByteBuf SLEPT = constant(Payload.slept());
    private static final ByteBuf MEGABYTE = constant(Payload.megabyte());

    private NettyBodies() {}

    static ByteBuf hello() {
        return HELLO.duplicate();
    }

    static ByteBuf message() {
        return MESSAGE.duplicate();
    }

    static ByteBuf slept() {
        return SLEPT.duplicate();
    }

    static ByteBuf megabyte() {
        return MEGABYTE.duplicate();
    }

    private static ByteBuf constant(byte[] bytes) {
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
    }
}
