package dev.kestrel.quic;

import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.internal.loops.LoopGroup;
import dev.kestrel.internal.loops.SchedulerDoor;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of a listener, one for each of its sockets. */
sealed interface EventLoops {

    /** How long a listener that is closed waits for its loops to end. */
    long END_SECONDS = 5;

    /** Whether they carry the threads of the connections. */
    static boolean areCarried(UdpSupport udp, SocketThreads threads) {
        return threads != SocketThreads.PORTABLE
                && udp.epoll()
                && SchedulerDoor.instance().isOpen();
    }

    /** Starts as many as there are sockets. */
    static EventLoops start(UdpSupport udp, SocketThreads threads, int count) {
        SchedulerDoor door = SchedulerDoor.instance();
        if (!areCarried(udp, threads)) {
            return new Portable(udp.group(count));
        }
        return carried(door, EpollIoHandler.newFactory(), count);
    }

    /** Starts guests, or none when one of them can not be made. */
    static EventLoops carried(SchedulerDoor door, IoHandlerFactory sockets, int count) {
        List<CarriedEventLoop> loops = new ArrayList<>(count);
        try {
            while (loops.size() < count) {
                loops.add(new CarriedEventLoop(sockets));
            }
        } finally {
            if (loops.size() < count) {
                loops.forEach(CarriedEventLoop::drop);
            }
        }
        return new Carried(LoopGroup.startWithGuests(door, loops), loops);
    }

    /** That of the socket with this number. */
    EventLoopGroup of(int socket);

    /** Ends them, and waits for that. */
    void close();

    /**
     * Threads of Netty's; the JDK carries the threads of the connections.
     *
     * @param group all of them
     */
    record Portable(EventLoopGroup group) implements EventLoops {

        @Override
        public EventLoopGroup of(int socket) {
            return group;
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
        }
    }

    /**
     * Guests of loops, which carry the threads of the connections.
     *
     * @param group the loops
     * @param guests their guests
     */
    record Carried(LoopGroup group, List<CarriedEventLoop> guests) implements EventLoops {

        @Override
        public EventLoopGroup of(int socket) {
            return guests.get(socket);
        }

        @Override
        public void close() {
            guests.forEach(guest -> guest.end(END_SECONDS));
            group.release();
        }
    }
}
