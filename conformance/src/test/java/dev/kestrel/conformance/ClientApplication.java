package dev.kestrel.conformance;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpResetFeature;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What clients that others wrote talk to: downloads of any length, uploads that are answered with
 * their digest, and responses of all kinds. Remembers on which connections it was asked.
 */
final class ClientApplication implements HttpHandler {

    private static final long CANCEL = 8;
    private static final byte[] PIECE = new byte[1 << 16];

    static {
        new Random(7).nextBytes(PIECE);
    }

    private final Set<String> connections = ConcurrentHashMap.newKeySet();

    /** How many connections have brought requests. */
    int connections() {
        return connections.size();
    }

    /** The digest of a download. */
    static String digestOf(long length) {
        MessageDigest digest = sha256();
        for (long left = length; left > 0; left -= PIECE.length) {
            digest.update(PIECE, 0, (int) Math.min(left, PIECE.length));
        }
        return hex(digest);
    }

    /** What a download, and so also an upload, consists of. */
    static byte[] content(int length) {
        byte[] content = new byte[length];
        for (int at = 0; at < length; at += PIECE.length) {
            System.arraycopy(PIECE, 0, content, at, Math.min(length - at, PIECE.length));
        }
        return content;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void handle(HttpContext ctx) throws IOException {
        connections.add(ctx.connection().id());
        String path = ctx.request().path();
        switch (path) {
            case "/digest" -> ctx.response().send(digest(ctx.request().inputStream()));
            case "/echo" -> {
                try (InputStream in = ctx.request().inputStream();
                        OutputStream out = ctx.response().outputStream()) {
                    in.transferTo(out);
                }
            }
            case "/refuse" -> ctx.response().status(403).send("refused");
            case "/hints" -> {
                HttpHeaders hints = new HttpHeaders();
                hints.set("link", "</style.css>; rel=preload");
                ctx.response().sendInformational(103, hints);
                ctx.response().send("hinted");
            }
            case "/trailers" -> {
                ctx.response().declareTrailer("x-digest");
                ctx.response().outputStream().write(content(100_000));
                ctx.response().trailers().set("x-digest", digestOf(100_000));
            }
            case "/reset" -> {
                HttpResetFeature reset = ctx.features().get(HttpResetFeature.class);
                if (reset == null) {
                    throw new AssertionError("Nothing to reset");
                }
                ctx.response().outputStream().write(content(100));
                ctx.response().flush();
                reset.reset(CANCEL);
            }
            default -> {
                if (path.startsWith("/bytes/")) {
                    sendBytes(ctx, Long.parseLong(path.substring("/bytes/".length())));
                } else {
                    ctx.response()
                            .send(
                                    ctx.request().method()
                                            + " "
                                            + path
                                            + " "
                                            + ctx.request().protocol());
                }
            }
        }
    }

    private static String digest(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 15];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return hex(digest);
    }

    private static void sendBytes(HttpContext ctx, long length) throws IOException {
        OutputStream out = ctx.response().contentLength(length).outputStream();
        for (long left = length; left > 0; left -= PIECE.length) {
            out.write(PIECE, 0, (int) Math.min(left, PIECE.length));
        }
    }
}
