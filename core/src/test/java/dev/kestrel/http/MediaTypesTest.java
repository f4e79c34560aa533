package dev.kestrel.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {

    @ParameterizedTest
    @CsvSource({
        "index.html, text/html; charset=utf-8",
        "INDEX.HTML, text/html; charset=utf-8",
        "dir.zip/read.me.txt, text/plain; charset=utf-8",
        "app.js, text/javascript; charset=utf-8",
        "app.mjs, text/javascript; charset=utf-8",
        "style.css, text/css; charset=utf-8",
        "data.json, application/json",
        "app.wasm, application/wasm",
        "site.webmanifest, application/manifest+json",
        "logo.svg, image/svg+xml",
        "photo.JPEG, image/jpeg",
        "font.woff2, font/woff2",
        "clip.mp4, video/mp4",
        "book.pdf, application/pdf",
        "backup.tar.gz, application/gzip",
        "noextension, application/octet-stream",
        ".profile, application/octet-stream",
        "dir/.js, application/octet-stream",
        "dir.txt/file, application/octet-stream",
        "ends.with.dot., application/octet-stream",
        "what.is.this1234, application/octet-stream"
    })
    void goesByTheExtension(String name, String type) {
        assertThat(MediaTypes.forFileName(name)).isEqualTo(type);
    }
}
