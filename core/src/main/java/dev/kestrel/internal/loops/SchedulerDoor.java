package dev.kestrel.internal.loops;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The way to virtual threads with a scheduler of one's own. JDK 25 has such threads but no public
 * way to make them: it is found by reflection, when the JVM was told to open {@code java.lang} to
 * this module. Immutable.
 */
public final class SchedulerDoor {

    private static final SchedulerDoor INSTANCE = open();

    private final @Nullable Constructor<?> builder;
    private final @Nullable ScheduledExecutorService defaultScheduler;
    private final String reason;

    private SchedulerDoor(
            @Nullable Constructor<?> builder,
            @Nullable ScheduledExecutorService defaultScheduler,
            String reason) {
        this.builder = builder;
        this.defaultScheduler = defaultScheduler;
        this.reason = reason;
    }

    /**
     * The door of this process.
     *
     * @return the door, open or shut
     */
    public static SchedulerDoor instance() {
        return INSTANCE;
    }

    /**
     * What opens the door, if anything does.
     *
     * @return an option of the JVM
     */
    public static String flag() {
        Module module = SchedulerDoor.class.getModule();
        return "--add-opens=java.base/java.lang="
                + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }

    private static SchedulerDoor open() {
        try {
            Constructor<?> builder =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
            Method scheduler =
                    Class.forName("java.lang.VirtualThread").getDeclaredMethod("defaultScheduler");
            scheduler.setAccessible(true);
            ScheduledExecutorService jdk =
                    (ScheduledExecutorService) Objects.requireNonNull(scheduler.invoke(null));
            // Where the JVM has no continuations there are no schedulers either.
            var unused = ((Thread.Builder.OfVirtual) builder.newInstance(jdk)).unstarted(() -> {});
            return new SchedulerDoor(builder, jdk, "java.lang is open");
        } catch (InaccessibleObjectException e) {
            return shut("the JVM was not started with " + flag());
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return shut(
                    "Java "
                            + Runtime.version()
                            + " makes no virtual threads with a scheduler in the way that is known ("
                            + e
                            + ")");
        }
    }

    private static SchedulerDoor shut(String reason) {
        return new SchedulerDoor(null, null, reason);
    }

    /**
     * Whether virtual threads can have a scheduler.
     *
     * @return true when a {@link LoopGroup} can be made
     */
    public boolean isOpen() {
        return builder != null;
    }

    /**
     * Why the door is open or shut.
     *
     * @return a clause for a log or a message
     */
    public String reason() {
        return reason;
    }

    /** The scheduler that virtual threads have by default. */
    ScheduledExecutorService defaultScheduler() {
        return Objects.requireNonNull(defaultScheduler, reason);
    }

    /** A builder of virtual threads that {@code scheduler} carries. */
    Thread.Builder.OfVirtual virtualThreads(Executor scheduler) {
        try {
            return (Thread.Builder.OfVirtual)
                    Objects.requireNonNull(builder, reason).newInstance(scheduler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The door was open and is not any more", e);
        }
    }
}
