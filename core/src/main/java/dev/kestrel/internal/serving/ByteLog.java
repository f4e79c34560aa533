package dev.kestrel.internal.serving;

/** Is told of the bytes of one connection. */
@FunctionalInterface
interface ByteLog {

    /**
     * Some bytes went through.
     *
     * @param direction {@code Read} or {@code Write}
     * @param bytes the bytes, for whoever is told to keep
     */
    void bytes(String direction, byte[] bytes);
}
