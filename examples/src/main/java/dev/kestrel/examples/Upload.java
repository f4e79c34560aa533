package dev.kestrel.examples;

import dev.kestrel.app.WebApplication;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpMaxRequestBodySizeFeature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Takes files of any size with a few kilobytes of memory: {@code curl -T big.iso
 * http://localhost:8080/upload}.
 */
public final class Upload {

    private static final long MAX_BODY = 16L * 1024 * 1024 * 1024;

    private Upload() {}

    /** Keeps what comes in the directory that the first argument names. */
    public static void main(String... args) throws Exception {
        create(Path.of(args.length == 0 ? "." : args[0])).listen(8080).runUntilStopped();
    }

    static WebApplication create(Path directory) {
        WebApplication app = WebApplication.create();
        app.put("/upload", ctx -> save(ctx, directory));
        app.post("/upload", ctx -> save(ctx, directory));
        return app;
    }

    private static void save(HttpContext ctx, Path directory)
            throws IOException, NoSuchAlgorithmException {
        // The server's default is 30 MB; this request may bring more.
        HttpMaxRequestBodySizeFeature limit =
                ctx.features().get(HttpMaxRequestBodySizeFeature.class);
        if (limit != null) {
            limit.maxRequestBodySize(MAX_BODY);
        }
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        Path file = Files.createTempFile(directory, "upload-", ".part");
        boolean complete = false;
        try (DigestInputStream body = new DigestInputStream(ctx.request().inputStream(), sha256)) {
            long size = Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
            complete = true;
            ctx.response()
                    .status(201)
                    .send(
                            size
                                    + " bytes, sha256 "
                                    + HexFormat.of().formatHex(sha256.digest())
                                    + "\n");
        } finally {
            // A client that goes away half-way, or sends too much, leaves nothing behind.
            if (!complete) {
                Files.delete(file);
            }
        }
    }
}
