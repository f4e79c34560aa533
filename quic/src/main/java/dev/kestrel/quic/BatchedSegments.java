package dev.kestrel.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;

import java.net.InetSocketAddress;

/**
 * Makes several packets one for the system, as another does, and is told a moment before the
 * library sends: it sends after each write to a stream, and what is about to be written to other
 * streams of the connection fits into the same packets. Used by the loop alone.
 */
final class BatchedSegments implements SegmentedDatagramPacketAllocator {

    private final SegmentedDatagramPacketAllocator segments;
    private final LoopQueue queue;

    BatchedSegments(SegmentedDatagramPacketAllocator segments, LoopQueue queue) {
        this.segments = segments;
        this.queue = queue;
    }

    /** The library asks this before it looks what there is to be sent. */
    @Override
    public int maxNumSegments() {
        queue.beforeSending();
        return segments.maxNumSegments();
    }

    @Override
    public DatagramPacket newPacket(
            ByteBuf buffer, int segmentSize, InetSocketAddress remoteAddress) {
        return segments.newPacket(buffer, segmentSize, remoteAddress);
    }
}
