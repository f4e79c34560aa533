package dev.kestrel.app.files;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;

/**
 * Finds what a path leads to, and nothing outside the root. Each part of the path must be a single,
 * ordinary file name; then the file system resolves all symbolic links, and what comes out must
 * still lie in the root.
 */
final class FileLocator {

    private static final String WELL_KNOWN = ".well-known";

    private final Path root;
    private final boolean hiddenFiles;
    private final boolean followSymbolicLinks;
    private final boolean windows;

    /** Begins at a root that exists. */
    FileLocator(StaticFileOptions options) throws IOException {
        root = options.root().toRealPath();
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(options.root().toString());
        }
        hiddenFiles = options.hiddenFiles();
        followSymbolicLinks = options.followSymbolicLinks();
        windows = root.getFileSystem().getSeparator().equals("\\");
    }

    /**
     * Looks a path up.
     *
     * @param path decoded except {@code %2F}; below the root, so it begins with a slash
     */
    Located locate(String path) throws IOException {
        if (!path.startsWith("/")) {
            return Located.MISSING;
        }
        boolean slash = path.endsWith("/");
        String inner = path.substring(1, slash ? Math.max(1, path.length() - 1) : path.length());
        List<String> names = inner.isEmpty() ? List.of() : List.of(inner.split("/", -1));
        Path candidate = root;
        for (int i = 0; i < names.size(); i++) {
            Path name = isVisible(names.get(i), i == 0) ? singleName(names.get(i)) : null;
            if (name == null) {
                return Located.MISSING;
            }
            candidate = candidate.resolve(name);
        }
        return look(candidate, names, slash);
    }

    /** Looks a name up in a directory that was found before. */
    Located locateIn(Located.Directory directory, String name) throws IOException {
        boolean first = directory.segments().isEmpty();
        Path single = isVisible(name, first) ? singleName(name) : null;
        return single == null
                ? Located.MISSING
                : look(directory.path().resolve(single), List.of(name), false);
    }

    private Located look(Path candidate, List<String> names, boolean slash) throws IOException {
        try {
            Path real = candidate.toRealPath();
            boolean linked = !real.equals(candidate);
            if (!real.startsWith(root) || (linked && !mayFollowTo(real))) {
                return Located.MISSING;
            }
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                return new Located.Directory(real, names, slash);
            }
            // A pipe blocks its reader, a device never ends: only plain files are opened.
            if (!attributes.isRegularFile() || slash || names.isEmpty()) {
                return Located.MISSING;
            }
            return Files.isReadable(real)
                    ? new Located.File(real, names.getLast(), attributes)
                    : Located.FORBIDDEN;
        } catch (AccessDeniedException e) {
            return Located.FORBIDDEN;
        } catch (FileSystemException e) {
            // Not there, a loop of links, a name that is too long, a file used as a directory.
            return Located.MISSING;
        }
    }

    private boolean mayFollowTo(Path real) {
        if (!followSymbolicLinks) {
            return false;
        }
        Path inside = root.relativize(real);
        for (int i = 0; i < inside.getNameCount(); i++) {
            String name = inside.getName(i).toString();
            if (!name.isEmpty() && !isVisible(name, i == 0)) {
                return false;
            }
        }
        return true;
    }

    private boolean isVisible(String name, boolean first) {
        return hiddenFiles || !name.startsWith(".") || (first && name.equals(WELL_KNOWN));
    }

    /** The name as a path of one part; null when it is not an ordinary file name. */
    private @Nullable Path singleName(String name) {
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || hasForbiddenCharacter(name)) {
            return null;
        }
        try {
            Path path = root.getFileSystem().getPath(name);
            boolean single =
                    !path.isAbsolute()
                            && path.getRoot() == null
                            && path.getNameCount() == 1
                            && path.toString().equals(name);
            return single ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private boolean hasForbiddenCharacter(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            // A colon opens an alternate stream on Windows, and a tilde a short name.
            if (c < 0x20
                    || c == 0x7f
                    || c == '/'
                    || c == '\\'
                    || (windows && (c == ':' || c == '~'))) {
                return true;
            }
        }
        boolean trimmedByWindows = windows && (name.endsWith(".") || name.endsWith(" "));
        // A slash that was sent as %2F, which a server behind this one might decode.
        return trimmedByWindows || name.toUpperCase(Locale.ROOT).contains("%2F");
    }
}
