package dev.kestrel.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Drops first packets of connections that came in a datagram which is too short for them, before
 * the codec answers with a Retry or keeps something: what they were answered with could be more
 * than they are. Has no state.
 */
@ChannelHandler.Sharable
final class ShortDatagrams extends ChannelInboundHandlerAdapter {

    static final ShortDatagrams INSTANCE = new ShortDatagrams();

    /** RFC 9000 section 14.1: "A server MUST discard an Initial packet" in a shorter one. */
    private static final int LEAST = 1200;

    /** RFC 9000 section 17.2: the first byte, and the version behind it. */
    private static final int VERSION_ENDS = 5;

    private static final int LONG_HEADER = 0x80;
    private static final int TYPE = 0x30;
    private static final int INITIAL = 0;

    /** The only version that the library speaks. */
    private static final int VERSION_1 = 1;

    private ShortDatagrams() {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket datagram = (DatagramPacket) message;
        if (isTooShort(datagram.content())) {
            datagram.release();
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean isTooShort(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length >= LEAST || length < VERSION_ENDS) {
            return false;
        }
        int start = bytes.readerIndex();
        int first = bytes.getByte(start);
        if ((first & LONG_HEADER) == 0) {
            return false;
        }
        // Section 5.2.2: of other versions only what could begin a connection is answered.
        return bytes.getInt(start + 1) != VERSION_1 || (first & TYPE) == INITIAL;
    }
}
