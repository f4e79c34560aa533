package dev.kestrel.benchmarks.lab.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What the programs of this package are told, and how the lab asks them for what only they know: a
 * line on standard input is a question, a line on standard output the answer. They end with their
 * standard input, and so never outlive the lab.
 *
 * @param http the port of HTTP/1.1 in clear text
 * @param h2c the port of HTTP/2 in clear text; a server that takes both on one port has it twice
 * @param https the port of both over TLS
 * @param directory holds server.p12, chain.pem and key.pem, and takes what a server must write
 * @param http3 whether to speak HTTP/3, too, on the UDP port of the same number as {@code https}
 */
record ServerProcess(int http, int h2c, int https, Path directory, boolean http3) {

    /** Of server.p12; the key protects nothing. */
    static final String PASSWORD = "password";

    /** Whether {@code https} is to be served; the lab asks for a start without. */
    static boolean tls() {
        return !Boolean.getBoolean(Payload.CLEAR_ALONE);
    }

    static ServerProcess parse(String... arguments) {
        return new ServerProcess(
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Path.of(arguments[3]),
                arguments.length > 4 && arguments[4].equals(Payload.HTTP_3));
    }

    Path keyStore() {
        return directory.resolve("server.p12");
    }

    Path chain() {
        return directory.resolve("chain.pem");
    }

    Path key() {
        return directory.resolve("key.pem");
    }

    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    SSLContext sslContext() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore())) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** Answers questions until there are no more, then ends the process. */
    static void serve(String note) throws IOException {
        PrintStream out = System.out;
        out.println("note " + note);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case "allocated" -> out.println("allocated " + allocated());
                case "gc" -> {
                    System.gc();
                    out.println("gc done");
                }
                default -> out.println("what? " + line);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** Of all threads since the start; what virtual threads allocate counts with their carriers. */
    private static long allocated() {
        var threads = ManagementFactory.getThreadMXBean();
        return threads instanceof com.sun.management.ThreadMXBean counting
                ? counting.getTotalThreadAllocatedBytes()
                : -1;
    }
}
