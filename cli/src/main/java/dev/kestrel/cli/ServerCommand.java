package dev.kestrel.cli;

import dev.kestrel.app.AccessLog;
import dev.kestrel.app.WebApplication;
import dev.kestrel.connections.AddressInUseException;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.KestrelServerLimitsBuilder;
import dev.kestrel.options.ListenOptions;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.logging.Level;

/** What the commands share that start a server and run until a signal ends it. */
abstract class ServerCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ListenFlags listen = new ListenFlags();

    @Mixin private LimitFlags limits = new LimitFlags();

    @Mixin private Http2Flags http2 = new Http2Flags();

    @Mixin private HttpsFlags https = new HttpsFlags();

    @Mixin private SocketFlags sockets = new SocketFlags();

    @Option(
            names = "--shutdown-timeout",
            paramLabel = "TIME",
            converter = Sizes.Time.class,
            defaultValue = "30s",
            description =
                    "How long running requests get after Ctrl-C or SIGTERM. Default:"
                            + " ${DEFAULT-VALUE}.")
    private Duration shutdownTimeout = Duration.ofSeconds(30);

    @Option(names = "--access-log", description = "Log a line for each request.")
    private boolean accessLog;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what happens to connections and requests, too.")
    private boolean verbose;

    ServerCommand() {}

    /** Adds what answers to an application that has its limits and endpoint already. */
    abstract void build(WebApplication app) throws CommandFailure;

    /** What the server does, in a few words for the first line. */
    abstract String purpose();

    /** What else to say at the start, in a line; empty for nothing. */
    String hint() {
        return "";
    }

    /** Sets defaults of its own before the options of the command line. */
    void defaults(KestrelServerLimitsBuilder builder) {}

    @Override
    public final Integer call() throws CommandFailure, IOException, InterruptedException {
        Logs.setUp(verbose ? Level.FINE : Level.INFO);
        KestrelServerLimitsBuilder limitsBuilder = KestrelServerLimits.builder();
        defaults(limitsBuilder);
        limits.apply(limitsBuilder);
        http2.apply(limitsBuilder);
        SocketTransportOptions.Builder socketOptions = SocketTransportOptions.builder();
        sockets.apply(socketOptions);
        PrintWriter out = spec.commandLine().getOut();
        if (listen.wantsHttp3() && !https.https) {
            throw CommandFailure.usage("HTTP/3 is always encrypted: it needs --https");
        }
        boolean offerHttp3 = listen.allowsHttp3() && https.allowsHttp3() && Http3Support.isThere();
        boolean http3PortTaken =
                https.https && offerHttp3 && Http3Support.isPortTaken(listen.address());
        ListenOptions endPoint =
                https.apply(
                                listen.endPoint(
                                        offerHttp3 && (listen.wantsHttp3() || !http3PortTaken)),
                                say(out))
                        .build();
        WebApplication app = WebApplication.create();
        app.server(
                server ->
                        server.options(options -> options.limits(limitsBuilder.build()))
                                .shutdownTimeout(shutdownTimeout)
                                .sockets(socketOptions)
                                .listen(endPoint));
        if (accessLog) {
            app.use(AccessLog.create());
        }
        build(app);
        start(app);
        List<String> notes = new ArrayList<>(https.notes(endPoint));
        if (!app.http3EndPoints().isEmpty()) {
            notes.add("HTTP/3 on the same port, over UDP.");
        } else if (http3PortTaken) {
            notes.add("No HTTP/3: another program has the UDP port.");
        }
        if (!hint().isEmpty()) {
            notes.add(hint());
        }
        Banner.print(
                out,
                purpose(),
                endPoint.https() == null ? "http" : "https",
                app.endPoints(),
                notes);
        app.runUntilStopped(say(out));
        return 0;
    }

    private static Consumer<String> say(PrintWriter out) {
        return line -> {
            out.println(line);
            out.flush();
        };
    }

    private void start(WebApplication app) throws CommandFailure {
        try {
            app.start();
        } catch (AddressInUseException e) {
            if (listen.wantsHttp3() && String.valueOf(e.getMessage()).contains("udp://")) {
                throw new CommandFailure(
                        "another program has the UDP "
                                + listen
                                + ", which HTTP/3 needs; stop it, leave out HTTP/3, or "
                                + listen.advice());
            }
            throw new CommandFailure(listen + " is already in use; " + listen.advice());
        } catch (IOException e) {
            throw https.explain(e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("cannot start: " + e.getMessage());
        }
    }
}
