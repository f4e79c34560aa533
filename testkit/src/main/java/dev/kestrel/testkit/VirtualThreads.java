package dev.kestrel.testkit;

import jdk.management.VirtualThreadSchedulerMXBean;

import java.lang.management.ManagementFactory;

/** The virtual threads of this process, which are those of the server, as a whole. */
final class VirtualThreads {

    private static final VirtualThreadSchedulerMXBean SCHEDULER =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

    /** One look may fall between two threads, one of which has just woken the other. */
    private static final int LOOKS = 3;

    private VirtualThreads() {}

    /**
     * Waits until all of them wait for something: a thread that has just sent what the test has
     * read already would else still be in its write when the test moves the clock.
     */
    static void awaitRest() {
        if (Thread.currentThread().isVirtual()) {
            return;
        }
        long deadline = System.nanoTime() + MemoryConnection.PATIENCE.toNanos();
        int quiet = 0;
        while (quiet < LOOKS) {
            boolean rest =
                    SCHEDULER.getQueuedVirtualThreadCount() == 0
                            && SCHEDULER.getMountedVirtualThreadCount() == 0;
            quiet = rest ? quiet + 1 : 0;
            if (!rest) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("The server's threads do not come to rest");
                }
                Thread.onSpinWait();
            }
        }
    }
}
