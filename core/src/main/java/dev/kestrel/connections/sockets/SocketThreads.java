package dev.kestrel.connections.sockets;

/** Which threads wait for the sockets of a {@link SocketTransport}, and carry its connections. */
public enum SocketThreads {

    /** {@link #LOOPS} where the JVM allows them, and {@link #PORTABLE} elsewhere. */
    AUTOMATIC,

    /** Virtual threads as the JDK schedules them, on sockets that block. Works everywhere. */
    PORTABLE,

    /**
     * Loops: platform threads, each of which waits for many sockets and carries the virtual threads
     * of their connections, so that a request needs no switch between threads. The JVM has to open
     * {@code java.lang} for it, with {@code --add-opens=java.base/java.lang=dev.kestrel.core} (or
     * {@code =ALL-UNNAMED} on the class path); where it does not, the transport can not be made,
     * and says why.
     */
    LOOPS
}
