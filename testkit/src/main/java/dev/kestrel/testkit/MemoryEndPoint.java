package dev.kestrel.testkit;

import java.net.SocketAddress;
import java.util.Objects;

/**
 * A place inside this process where a {@link MemoryTransport} listens. Endpoints with the same name
 * are equal.
 */
public final class MemoryEndPoint extends SocketAddress {

    private static final long serialVersionUID = 1L;

    /** Tells endpoints apart. */
    private final String name;

    /**
     * Names a place.
     *
     * @param name any text
     */
    public MemoryEndPoint(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * The name.
     *
     * @return the text that it was made with
     */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemoryEndPoint that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "memory:" + name;
    }
}
