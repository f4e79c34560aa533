package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Which media type a file has, by its name. Text is taken to be UTF-8. */
public final class MediaTypes {

    /** The type of bytes of which nothing is known: {@code application/octet-stream}. */
    public static final String OCTET_STREAM = "application/octet-stream";

    /**
     * A type, and the extensions that have it. Types that begin with {@code text/} get {@code
     * charset=utf-8}.
     */
    private static final String TABLE =
            """
            text/html html htm
            text/css css
            text/javascript js mjs cjs
            text/plain txt text log conf cfg ini properties def list in
            text/markdown md markdown
            text/csv csv
            text/tab-separated-values tsv
            text/calendar ics
            text/vcard vcf
            text/vtt vtt
            text/xml xsl xslt
            text/x-java java
            text/x-c c h cc cpp hpp cxx
            text/x-csharp cs
            text/x-go go
            text/x-kotlin kt kts
            text/x-python py
            text/x-ruby rb
            text/x-rust rs
            text/x-shellscript sh bash
            text/x-sql sql
            text/x-diff diff patch
            text/typescript ts tsx
            text/jsx jsx
            application/json json map
            application/json5 json5
            application/ld+json jsonld
            application/geo+json geojson
            application/x-ndjson ndjson jsonl
            application/manifest+json webmanifest
            application/xml xml xsd rng
            application/xhtml+xml xhtml xht
            application/atom+xml atom
            application/rss+xml rss
            application/yaml yaml yml
            application/toml toml
            application/wasm wasm
            application/pdf pdf
            application/rtf rtf
            application/postscript ps eps ai
            application/epub+zip epub
            application/vnd.sqlite3 sqlite sqlite3
            application/java-archive jar war ear
            application/java-vm class
            application/zip zip
            application/gzip gz tgz
            application/zstd zst
            application/x-brotli br
            application/x-bzip2 bz2
            application/x-xz xz
            application/x-tar tar
            application/x-7z-compressed 7z
            application/vnd.rar rar
            application/vnd.debian.binary-package deb
            application/x-rpm rpm
            application/x-iso9660-image iso
            application/x-apple-diskimage dmg
            application/vnd.android.package-archive apk
            application/vnd.microsoft.portable-executable exe dll
            application/x-msi msi
            application/msword doc dot
            application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
            application/vnd.ms-excel xls
            application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
            application/vnd.ms-powerpoint ppt
            application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
            application/vnd.oasis.opendocument.text odt
            application/vnd.oasis.opendocument.spreadsheet ods
            application/vnd.oasis.opendocument.presentation odp
            application/vnd.apple.mpegurl m3u8
            application/dash+xml mpd
            application/x-bittorrent torrent
            application/x-x509-ca-cert crt der cer
            application/x-pem-file pem
            application/x-pkcs12 p12 pfx
            application/octet-stream bin img dat
            image/png png
            image/apng apng
            image/jpeg jpg jpeg jpe jfif
            image/gif gif
            image/webp webp
            image/avif avif
            image/jxl jxl
            image/heic heic
            image/heif heif
            image/svg+xml svg
            image/bmp bmp
            image/tiff tif tiff
            image/x-icon ico cur
            image/vnd.adobe.photoshop psd
            font/woff woff
            font/woff2 woff2
            font/ttf ttf
            font/otf otf
            font/collection ttc
            audio/mpeg mp3
            audio/mp4 m4a
            audio/aac aac
            audio/ogg ogg oga
            audio/opus opus
            audio/flac flac
            audio/wav wav
            audio/webm weba
            audio/midi mid midi
            video/mp4 mp4 m4v
            video/mpeg mpeg mpg
            video/webm webm
            video/ogg ogv
            video/quicktime mov
            video/x-msvideo avi
            video/x-matroska mkv
            video/mp2t m2ts mts
            video/3gpp 3gp
            model/gltf+json gltf
            model/gltf-binary glb
            model/stl stl
            """;

    private static final Map<String, String> BY_EXTENSION = read();

    private MediaTypes() {}

    /**
     * The type of a file.
     *
     * @param fileName its name, with or without the directories before it
     * @return the type, for text with {@code charset=utf-8}; {@link #OCTET_STREAM} when the
     *     extension is not known
     */
    public static String forFileName(String fileName) {
        String extension = extension(fileName);
        String type = extension == null ? null : forExtension(extension);
        return type == null ? OCTET_STREAM : type;
    }

    /**
     * The type that goes with an extension.
     *
     * @param extension letters behind the last dot, in any case, without the dot
     * @return the type, or {@code null} when the extension is not known
     */
    public static @Nullable String forExtension(String extension) {
        return BY_EXTENSION.get(extension.toLowerCase(Locale.ROOT));
    }

    /**
     * What stands behind the last dot of a file's name.
     *
     * @param fileName the name, with or without the directories before it
     * @return the extension, or {@code null} when there is none; {@code .profile} has none
     */
    public static @Nullable String extension(String fileName) {
        int start = Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1;
        int dot = fileName.lastIndexOf('.');
        return dot <= start || dot == fileName.length() - 1 ? null : fileName.substring(dot + 1);
    }

    private static Map<String, String> read() {
        Map<String, String> types = new HashMap<>();
        TABLE.lines()
                .forEach(
                        line -> {
                            String[] words = line.split(" ");
                            String type =
                                    words[0].startsWith("text/")
                                            ? words[0] + "; charset=utf-8"
                                            : words[0];
                            for (int i = 1; i < words.length; i++) {
                                types.put(words[i], type);
                            }
                        });
        return Map.copyOf(types);
    }
}
