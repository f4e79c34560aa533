package dev.kestrel.app.files;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.http.KnownHeader;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A page that lists a directory: directories first, then by name. It shows what can be served, and
 * nothing else.
 */
final class DirectoryPage {

    private static final int MOST_ENTRIES = 10_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String HEAD =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%1$s</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.3rem; font-weight: 600; overflow-wrap: anywhere; }
            table { border-collapse: collapse; width: 100%%; }
            th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid color-mix(in srgb, currentColor 15%%, transparent); }
            td:first-child { overflow-wrap: anywhere; }
            .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
            a { text-decoration: none; } a:hover { text-decoration: underline; }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            <table>
            <thead><tr><th>Name</th><th class="n">Size</th><th class="n">Modified (UTC)</th></tr></thead>
            <tbody>
            """;

    private record Entry(String name, boolean directory, long size, Instant modified) {}

    private DirectoryPage() {}

    static void send(HttpContext context, FileLocator locator, Located.Directory directory)
            throws IOException {
        List<Entry> entries = new ArrayList<>();
        boolean complete = read(locator, directory, entries);
        entries.sort(
                Comparator.comparing((Entry entry) -> !entry.directory)
                        .thenComparing(Entry::name, String.CASE_INSENSITIVE_ORDER)
                        .thenComparing(Entry::name));
        StringBuilder page = new StringBuilder(2048 + entries.size() * 160);
        page.append(HEAD.formatted(escape(context.request().path())));
        if (!directory.segments().isEmpty()) {
            page.append("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
        }
        entries.forEach(entry -> row(page, entry));
        page.append("</tbody>\n</table>\n");
        if (!complete) {
            page.append("<p>Only ").append(MOST_ENTRIES).append(" entries are shown.</p>\n");
        }
        HttpResponse response = context.response();
        response.contentType("text/html; charset=utf-8");
        response.headers()
                .set(KnownHeader.CACHE_CONTROL, "no-cache")
                .set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        response.send(page.append("</body>\n</html>\n").toString());
    }

    /** False when there are too many entries to show. */
    private static boolean read(
            FileLocator locator, Located.Directory directory, List<Entry> entries)
            throws IOException {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory.path())) {
            for (Path path : paths) {
                if (entries.size() == MOST_ENTRIES) {
                    return false;
                }
                String name = path.getFileName().toString();
                switch (locator.locateIn(directory, name)) {
                    case Located.File file -> entries.add(entry(name, false, file.attributes()));
                    case Located.Directory found ->
                            entries.add(
                                    entry(
                                            name,
                                            true,
                                            Files.readAttributes(
                                                    found.path(), BasicFileAttributes.class)));
                    case Located.Missing _, Located.Forbidden _ -> {}
                }
            }
        }
        return true;
    }

    private static Entry entry(String name, boolean directory, BasicFileAttributes attributes) {
        return new Entry(
                name, directory, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    private static void row(StringBuilder page, Entry entry) {
        String slash = entry.directory ? "/" : "";
        page.append("<tr><td><a href=\"")
                .append(escape(UrlPath.encodeSegment(entry.name)))
                .append(slash)
                .append("\">")
                .append(escape(entry.name))
                .append(slash)
                .append("</a></td><td class=\"n\">")
                .append(entry.directory ? "" : size(entry.size))
                .append("</td><td class=\"n\">")
                .append(TIME.format(entry.modified.truncatedTo(ChronoUnit.MINUTES)))
                .append("</td></tr>\n");
    }

    private static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double size = bytes;
        int unit = -1;
        while (size >= 1024 && unit < 4) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", size, "KMGTP".charAt(unit));
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c < 0x20 || c == 0x7f ? '\ufffd' : c);
            }
        }
        return out.toString();
    }
}
