package dev.kestrel.cli;

import dev.kestrel.connections.tls.TlsVersion;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.EnumSet;
import java.util.Set;

/** Reads versions of TLS from the command line: {@code 1.2}, {@code 1.3}, with commas. */
final class TlsVersions implements ITypeConverter<Set<TlsVersion>> {

    TlsVersions() {}

    @Override
    public Set<TlsVersion> convert(String text) {
        Set<TlsVersion> versions = EnumSet.noneOf(TlsVersion.class);
        for (String name : text.split(",", -1)) {
            versions.add(
                    switch (name.strip()) {
                        case "1.2" -> TlsVersion.TLS_1_2;
                        case "1.3" -> TlsVersion.TLS_1_3;
                        default ->
                                throw new TypeConversionException(
                                        "'" + text + "' is not one of 1.2, 1.3, 1.2,1.3");
                    });
        }
        return versions;
    }
}
