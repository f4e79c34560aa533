package dev.kestrel.app.files;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.MediaTypes;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Which files are served, and how. Immutable. */
public final class StaticFileOptions {

    private final Path root;
    private final String requestPath;
    private final List<String> indexNames;
    private final boolean directoryListing;
    private final boolean hiddenFiles;
    private final boolean followSymbolicLinks;
    private final @Nullable String cacheControl;
    private final int maxRanges;
    private final Map<String, String> contentTypes;

    private StaticFileOptions(Builder from) {
        root = from.root;
        requestPath = from.requestPath;
        indexNames = from.indexNames;
        directoryListing = from.directoryListing;
        hiddenFiles = from.hiddenFiles;
        followSymbolicLinks = from.followSymbolicLinks;
        cacheControl = from.cacheControl;
        maxRanges = from.maxRanges;
        contentTypes = Map.copyOf(from.contentTypes);
    }

    /**
     * Starts with a directory and the defaults.
     *
     * @param root the directory whose files are served
     * @return a builder
     */
    public static Builder builder(Path root) {
        return new Builder(root);
    }

    /**
     * The directory whose files are served.
     *
     * @return the path as it was given
     */
    public Path root() {
        return root;
    }

    /**
     * Where in the server's paths the directory appears. Default: at the top.
     *
     * @return an empty text, or a path such as {@code /static}
     */
    public String requestPath() {
        return requestPath;
    }

    /**
     * Which files answer for their directory. Default: {@code index.html}.
     *
     * @return names, the first that exists wins
     */
    public List<String> indexNames() {
        return indexNames;
    }

    /**
     * Whether a directory without an index file is answered with a list of its files. Default:
     * false.
     *
     * @return true when it is
     */
    public boolean directoryListing() {
        return directoryListing;
    }

    /**
     * Whether files are served whose name, or the name of a directory above them, begins with a
     * dot. Default: false. {@code /.well-known/} (RFC 8615) is served in any case.
     *
     * @return true when they are
     */
    public boolean hiddenFiles() {
        return hiddenFiles;
    }

    /**
     * Whether symbolic links are followed when what they lead to lies inside the root. Those that
     * lead out of it are never followed. Default: true.
     *
     * @return true when they are
     */
    public boolean followSymbolicLinks() {
        return followSymbolicLinks;
    }

    /**
     * The {@code Cache-Control} of files. Default: none, which leaves it to clients to ask again.
     *
     * @return the field's value, or {@code null}
     */
    public @Nullable String cacheControl() {
        return cacheControl;
    }

    /**
     * How many ranges a request may ask for; the whole file is sent when it asks for more. Default:
     * 16.
     *
     * @return zero, which serves no ranges, or more
     */
    public int maxRanges() {
        return maxRanges;
    }

    /**
     * The media type of a file.
     *
     * @param fileName its name
     * @return what was set for its extension, or else what {@link MediaTypes} knows
     */
    public String contentType(String fileName) {
        String extension = contentTypes.isEmpty() ? null : MediaTypes.extension(fileName);
        String own =
                extension == null ? null : contentTypes.get(extension.toLowerCase(Locale.ROOT));
        return own == null ? MediaTypes.forFileName(fileName) : own;
    }

    /** Collects options. Not safe for several threads at once. */
    public static final class Builder {

        private final Path root;
        private String requestPath = "";
        private List<String> indexNames = List.of("index.html");
        private boolean directoryListing;
        private boolean hiddenFiles;
        private boolean followSymbolicLinks = true;
        private @Nullable String cacheControl;
        private int maxRanges = 16;
        private final Map<String, String> contentTypes = new HashMap<>();

        private Builder(Path root) {
            this.root = Objects.requireNonNull(root, "root");
        }

        /**
         * Sets where in the server's paths the directory appears.
         *
         * @param value a path that begins with a slash and does not end with one; empty for the
         *     top, the default
         * @return this
         * @throws IllegalArgumentException when it does not begin with {@code /}, or ends with it
         */
        public Builder requestPath(String value) {
            if (!value.isEmpty()
                    && (!value.startsWith("/") || value.endsWith("/") || value.contains("//"))) {
                throw new IllegalArgumentException(
                        "requestPath must begin with '/' and must not end with one, or be empty, not '"
                                + value
                                + "'");
            }
            requestPath = value;
            return this;
        }

        /**
         * Sets which files answer for their directory.
         *
         * @param names file names, the first that exists wins; none for no index
         * @return this
         * @throws IllegalArgumentException when one is empty or has a slash
         */
        public Builder indexNames(String... names) {
            for (String name : names) {
                if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
                    throw new IllegalArgumentException("'" + name + "' is not the name of a file");
                }
            }
            indexNames = List.of(names);
            return this;
        }

        /**
         * Sets whether a directory without an index file is listed.
         *
         * @param value false for no, the default
         * @return this
         */
        public Builder directoryListing(boolean value) {
            directoryListing = value;
            return this;
        }

        /**
         * Sets whether hidden files are served.
         *
         * @param value false for no, the default
         * @return this
         */
        public Builder hiddenFiles(boolean value) {
            hiddenFiles = value;
            return this;
        }

        /**
         * Sets whether symbolic links inside the root are followed.
         *
         * @param value true for yes, the default
         * @return this
         */
        public Builder followSymbolicLinks(boolean value) {
            followSymbolicLinks = value;
            return this;
        }

        /**
         * Sets the {@code Cache-Control} of files.
         *
         * @param value the field's value, such as {@code public, max-age=3600}; {@code null} for
         *     none, the default
         * @return this
         */
        public Builder cacheControl(@Nullable String value) {
            cacheControl = value == null ? null : checked(value);
            return this;
        }

        /**
         * Sets how many ranges a request may ask for.
         *
         * @param value zero, which serves no ranges, or more; 16 is the default
         * @return this
         * @throws IllegalArgumentException when it is negative
         */
        public Builder maxRanges(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("maxRanges must be 0 or more, not " + value);
            }
            maxRanges = value;
            return this;
        }

        /**
         * Sets the media type of files.
         *
         * @param extension what stands behind the last dot of their names, in any case
         * @param type the field's value, such as {@code text/plain; charset=utf-8}
         * @return this
         */
        public Builder contentType(String extension, String type) {
            contentTypes.put(extension.toLowerCase(Locale.ROOT), checked(type));
            return this;
        }

        /**
         * Makes the options.
         *
         * @return an immutable object
         */
        public StaticFileOptions build() {
            return new StaticFileOptions(this);
        }

        private static String checked(String value) {
            if (FieldSyntax.indexOfInvalidValueCharacter(value) >= 0) {
                throw new IllegalArgumentException(
                        "'" + FieldSyntax.printable(value) + "' can not be sent in a header field");
            }
            return value;
        }
    }
}
