package dev.kestrel.internal.protocol;

/**
 * An application has set more response fields than this client takes. That is the client's choice,
 * and no failure of the application.
 */
public final class ResponseFieldsTooLargeException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param size what the fields count
     * @param most what the client takes
     */
    public ResponseFieldsTooLargeException(long size, long most) {
        super(
                "The header fields count "
                        + size
                        + " bytes, but this client takes no more than "
                        + most
                        + " (SETTINGS_MAX_HEADER_LIST_SIZE; SETTINGS_MAX_FIELD_SECTION_SIZE over"
                        + " HTTP/3)");
    }
}
