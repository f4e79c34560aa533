package dev.kestrel.internal.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The content of a file as it was at one moment, and the beginning of every sentence about it.
 *
 * @param role what the file is for, such as {@code key file}
 * @param path where it is
 * @param configurationKey who named it
 * @param bytes what it holds
 */
record CertificateFile(String role, Path path, String configurationKey, byte[] bytes) {

    /** Far more than a chain of certificates needs; keeps a wrong path from filling the memory. */
    static final int MAX_BYTES = 1 << 20;

    /** The roles. */
    static final String CERTIFICATES = "certificate file";

    static final String KEY = "key file";
    static final String KEY_STORE = "key store file";
    static final String AUTHORITIES = "certificate authorities file";

    static CertificateFile read(String role, Path path, String configurationKey)
            throws CertificateLoadException {
        CertificateFile file =
                new CertificateFile(role, path.toAbsolutePath(), configurationKey, new byte[0]);
        byte[] bytes;
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file.path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw file.problem("is a directory: name a file in it.");
            }
            // Opening a FIFO would wait for somebody to write to it.
            if (!attributes.isRegularFile()) {
                throw file.problem("is not a regular file: copy what it holds into one.");
            }
            try (InputStream in = Files.newInputStream(file.path)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
        } catch (CertificateLoadException e) {
            throw e;
        } catch (IOException e) {
            throw file.unreadable(e);
        }
        if (bytes.length == 0) {
            throw file.problem("is empty: put the " + file.content() + " into it.");
        }
        if (bytes.length > MAX_BYTES) {
            throw file.problem(
                    "is larger than "
                            + MAX_BYTES
                            + " bytes, so it is not what it should be:"
                            + " correct the path.");
        }
        return new CertificateFile(role, file.path, configurationKey, bytes);
    }

    CertificateLoadException unreadable(IOException cause) {
        String what =
                switch (cause) {
                    case NoSuchFileException missing ->
                            "does not exist: create it, or correct the path.";
                    case AccessDeniedException denied ->
                            "can not be read: let the user that the server runs as ("
                                    + System.getProperty("user.name")
                                    + ") read it and enter its directories.";
                    default -> "can not be read (" + cause.getMessage() + ").";
                };
        return new CertificateLoadException(subject() + " " + what, cause);
    }

    /** What belongs into the file. */
    private String content() {
        return switch (role) {
            case CERTIFICATES -> "certificate";
            case KEY -> "key";
            case AUTHORITIES -> "certificates of the authorities";
            default -> "right content";
        };
    }

    /** The path and the key, as a message begins. */
    String subject() {
        return "The " + role + " " + path + " of " + configurationKey;
    }

    /** An exception whose message goes on after {@link #subject()}. */
    CertificateLoadException problem(String whatAndFix) {
        return new CertificateLoadException(subject() + " " + whatAndFix);
    }

    @Override
    public String toString() {
        return role + " " + path;
    }
}
