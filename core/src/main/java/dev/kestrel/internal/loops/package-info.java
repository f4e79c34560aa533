/**
 * Loops: each one platform thread that waits on the sockets of many connections and carries their
 * virtual threads, so that the thread that finds bytes runs the thread that wants them.
 *
 * <p>A {@link dev.kestrel.internal.loops.LoopGroup} has a fixed number of {@link
 * dev.kestrel.internal.loops.Loop}s. A loop is a selector and a queue of virtual threads that can
 * go on; a {@link dev.kestrel.internal.loops.Carrier} is the platform thread that drives it. A
 * watch takes a loop away from a carrier that is stuck in one of those threads, and gives it to
 * another carrier, so that a thread that computes for long, or blocks in native code, delays nobody
 * else. A {@link dev.kestrel.internal.loops.Readiness} is a channel's place in its loop. Instead of
 * a selector a loop may have a {@link dev.kestrel.internal.loops.LoopGuest}: the event loop of a
 * library, on a thread of its own that the loop drives, the {@link
 * dev.kestrel.internal.loops.GuestThread}.
 *
 * <p>Threads that wait for a time are woken by their loop too: its {@link
 * dev.kestrel.internal.loops.LoopScheduler} is what the JDK hands their timers to, and its {@link
 * dev.kestrel.internal.loops.LoopTimers} keep them.
 *
 * <p>That a virtual thread is carried by a thread of ours is possible only where the {@link
 * dev.kestrel.internal.loops.SchedulerDoor} is open. It is the one place with reflection.
 *
 * <p>Ownership: listeners and connections retain the group, and it ends with the last of them. What
 * an application has left running by then goes on, on the JDK's own carriers.
 *
 * <p>What does not belong here: connections, bytes, protocols.
 */
@NullMarked
package dev.kestrel.internal.loops;

import org.jspecify.annotations.NullMarked;
