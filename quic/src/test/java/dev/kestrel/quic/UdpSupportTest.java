package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ReferenceCountUtil;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a socket brings at a time. */
@Timeout(60)
class UdpSupportTest {

    private static final int PACKETS = 100;
    private static final int BATCH = 32;

    /**
     * "No more than 32 packets are read before those go on whom they concern": the gate is told of
     * the end of a read, and lets them run.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noMoreThanABatchIsReadAtOnce(boolean epoll) throws Exception {
        UdpSupport udp = new UdpSupport(epoll && UdpSupport.find().epoll());
        BlockingQueue<Integer> reads = new LinkedBlockingQueue<>();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        EventLoopGroup group = udp.group(1);
        try (DatagramChannel sender = DatagramChannel.open()) {
            Channel socket =
                    udp.bootstrap(group, false)
                            .option(ChannelOption.AUTO_READ, false)
                            .handler(new Counter(reads))
                            .bind(anyPort)
                            .sync()
                            .channel();
            for (int i = 0; i < PACKETS; i++) {
                sender.send(ByteBuffer.wrap(new byte[] {1}), socket.localAddress());
            }
            socket.config().setAutoRead(true);
            for (int left = PACKETS; left > 0; ) {
                int packets = reads.take();
                assertThat(packets).isBetween(1, BATCH);
                left -= packets;
            }
            socket.close().sync();
        } finally {
            group.shutdownGracefully();
        }
    }

    private static final class Counter extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<Integer> reads;
        private int packets;

        Counter(BlockingQueue<Integer> reads) {
            this.reads = reads;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object packet) {
            ReferenceCountUtil.release(packet);
            packets++;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (packets > 0) {
                reads.add(packets);
                packets = 0;
            }
        }
    }
}
