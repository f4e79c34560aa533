/**
 * The web application: routing, middleware and static files, over the server of {@code
 * dev.kestrel.core}. A program starts at {@code dev.kestrel.app.WebApplication}.
 */
module dev.kestrel.app {
    requires transitive dev.kestrel.core;
    requires static org.jspecify;

    exports dev.kestrel.app;
    exports dev.kestrel.app.files;
}
