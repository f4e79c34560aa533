package dev.kestrel.http;

/** Changes how large the body of this request may be. */
public interface HttpMaxRequestBodySizeFeature {

    /**
     * Whether it is too late for a change.
     *
     * @return true once the body is being read, or the connection was upgraded
     */
    boolean isReadOnly();

    /**
     * How large the body may be.
     *
     * @return bytes, or -1 for no limit
     */
    long maxRequestBodySize();

    /**
     * Changes how large the body may be.
     *
     * @param bytes zero or more, or -1 for no limit
     * @throws IllegalStateException when {@link #isReadOnly()}
     */
    void maxRequestBodySize(long bytes);
}
