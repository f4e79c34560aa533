package dev.kestrel.internal.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A certificate can not be used. The message names the file, the configuration key, what is wrong
 * and what to do; it never holds a password or a part of a key.
 */
public final class CertificateLoadException extends IOException {

    private static final long serialVersionUID = 1L;

    CertificateLoadException(String message) {
        this(message, null);
    }

    CertificateLoadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
