package dev.kestrel.cli;

import dev.kestrel.options.HttpVersion;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Reads versions of HTTP from the command line, with commas: {@code http1,http2,http3}. */
final class Versions implements ITypeConverter<Set<HttpVersion>> {

    Versions() {}

    @Override
    public Set<HttpVersion> convert(String text) {
        Set<HttpVersion> versions = EnumSet.noneOf(HttpVersion.class);
        for (String name : text.toLowerCase(Locale.ROOT).split(",", -1)) {
            versions.add(
                    switch (name.strip()) {
                        case "http1" -> HttpVersion.HTTP_1_1;
                        case "http2" -> HttpVersion.HTTP_2;
                        case "http3" -> HttpVersion.HTTP_3;
                        default ->
                                throw new TypeConversionException(
                                        "'"
                                                + text
                                                + "' is not one of http1, http2, http3, or some of"
                                                + " them with commas");
                    });
        }
        return versions;
    }
}
