package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Something else listens on the address already. The message names the address. */
public class AddressInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message names the address and says what to do
     * @param cause the platform's error, or {@code null}
     */
    public AddressInUseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
