package dev.kestrel.options;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;

/** Chooses the charset of a header field's values by its name. */
@FunctionalInterface
public interface HeaderEncodingSelector {

    /** The default for every field. */
    HeaderEncodingSelector DEFAULT = name -> null;

    /**
     * Chooses.
     *
     * @param name the name of the field
     * @return a charset that keeps ASCII as it is, or {@code null} for the default
     */
    @Nullable Charset select(String name);
}
