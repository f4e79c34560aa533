package dev.kestrel.options;

/** A version of HTTP that an endpoint can speak. */
public enum HttpVersion {
    /** HTTP/1.1 and HTTP/1.0. */
    HTTP_1_1("HTTP/1.1");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
