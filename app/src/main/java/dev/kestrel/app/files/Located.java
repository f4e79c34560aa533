package dev.kestrel.app.files;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** What a request's path leads to. */
sealed interface Located {

    /**
     * A plain file that can be read.
     *
     * @param path its real path, without symbolic links
     * @param name the name under which it was asked for, which tells its type
     * @param attributes its size and times
     */
    record File(Path path, String name, BasicFileAttributes attributes) implements Located {}

    /**
     * A directory.
     *
     * @param path its real path, without symbolic links
     * @param segments the names that led there from the root
     * @param slash whether the request's path ended with a slash
     */
    record Directory(Path path, List<String> segments, boolean slash) implements Located {}

    /** Nothing that may be seen. */
    record Missing() implements Located {}

    /** Something that the server's user may not read. */
    record Forbidden() implements Located {}

    /** The only one needed. */
    Missing MISSING = new Missing();

    /** The only one needed. */
    Forbidden FORBIDDEN = new Forbidden();
}
