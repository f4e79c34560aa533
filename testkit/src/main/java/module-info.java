/**
 * For tests of servers and handlers: an in-memory transport, a clock that is moved by hand, and
 * conversations in HTTP/1.1, HTTP/2 and HTTP/3 that read like what goes over the wire. No sockets,
 * no sleeping.
 */
module dev.kestrel.testkit {
    requires transitive dev.kestrel.core;
    requires java.logging;
    requires java.management;
    requires jdk.management;
    requires static org.jspecify;

    exports dev.kestrel.testkit;
}
