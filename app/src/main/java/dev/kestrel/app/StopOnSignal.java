package dev.kestrel.app;

import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.StopResult;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Stops a server when the process is asked to end, and lets the process end well: the JVM's own
 * exit code after SIGTERM is 143, which supervisors take for a failure.
 */
final class StopOnSignal implements AutoCloseable {

    /** How long the thread that waited for the stop may go on behind it. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final KestrelServer server;
    private final Consumer<String> say;
    private final Thread waiting = Thread.currentThread();
    private final Thread hook = Thread.ofPlatform().name("kestrel-stop").unstarted(this::stop);

    private StopOnSignal(KestrelServer server, Consumer<String> say) {
        this.server = server;
        this.say = say;
    }

    /** Begins to watch, on behalf of the current thread. */
    static StopOnSignal install(KestrelServer server, Consumer<String> say) {
        StopOnSignal stop = new StopOnSignal(server, say);
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    /** Ends the watch; does nothing when the process is ending. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook runs: it was what stopped the server.
        }
    }

    private void stop() {
        boolean signal = endsBySignal();
        say.accept(
                "Stopping: running requests get "
                        + server.shutdownTimeout().toSeconds()
                        + " s to finish");
        StopResult result = server.stop();
        int ended = result.gracefulConnections();
        int cutOff = result.abortedConnections();
        say.accept(
                "Stopped: "
                        + ended
                        + (ended == 1
                                ? " connection ended by itself, "
                                : " connections ended by themselves, ")
                        + cutOff
                        + (cutOff == 1 ? " was cut off" : " were cut off"));
        try {
            waiting.join(AFTERWARDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (signal) {
            Runtime.getRuntime().halt(0);
        }
    }

    /** Whether it was a signal that began the end, for then no one has chosen another exit code. */
    private static boolean endsBySignal() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .anyMatch(name -> name.equals("SIGTERM handler") || name.equals("SIGINT handler"));
    }
}
