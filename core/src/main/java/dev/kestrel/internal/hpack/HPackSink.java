package dev.kestrel.internal.hpack;

/**
 * Takes the fields of a block as they are decoded. A field that the engine does not like is noted
 * here and acted upon after the block, whose rest the dynamic table still needs.
 */
@FunctionalInterface
public interface HPackSink {

    /** Takes nothing: for the block of a stream that is refused. */
    HPackSink DISCARD = (name, value) -> {};

    /**
     * Takes a field.
     *
     * @param name never empty; whether it is well-formed is for the sink
     * @param value one character an octet
     */
    void onField(HPackName name, String value);
}
