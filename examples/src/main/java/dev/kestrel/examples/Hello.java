package dev.kestrel.examples;

import dev.kestrel.app.WebApplication;

/** The program of the README. */
public final class Hello {

    private Hello() {}

    /** Listens on http://localhost:8080 until Ctrl-C. */
    public static void main(String... args) throws Exception {
        create().listen(8080).runUntilStopped();
    }

    static WebApplication create() {
        WebApplication app = WebApplication.create();
        app.get(
                "/hello/{name}",
                ctx -> ctx.response().send("Hello " + ctx.request().pathParameter("name")));
        app.run(ctx -> ctx.response().send("Hello " + ctx.request().protocol()));
        return app;
    }
}
