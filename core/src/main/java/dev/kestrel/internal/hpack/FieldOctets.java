package dev.kestrel.internal.hpack;

/** Turns a value beyond ASCII into octets, as the options of the server say. */
@FunctionalInterface
public interface FieldOctets {

    /** Takes characters up to 255 as octets, and refuses others. */
    FieldOctets LATIN_1 = (name, value) -> value;

    /**
     * Turns a value into octets.
     *
     * @param name the field, in lower case
     * @param value a value with at least one character that is not ASCII
     * @return one character an octet
     */
    String octets(String name, String value);
}
