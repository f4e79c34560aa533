package dev.kestrel.internal.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells without reading a file that it is another one than before. The real path shows a
 * symbolic link that points elsewhere now, also one among the directories, which is how Kubernetes
 * swaps a secret.
 *
 * @param realPath where the file is, or {@code null} when it is not there
 * @param modified when its content changed
 * @param changed when anything of it changed, where the system tells: this can not be set back
 * @param size its length
 * @param fileKey the file itself, where the system tells
 */
record FileStamp(
        @Nullable Path realPath,
        @Nullable FileTime modified,
        @Nullable Object changed,
        long size,
        @Nullable Object fileKey) {

    private static final FileStamp ABSENT = new FileStamp(null, null, null, 0, null);

    static FileStamp of(Path path) {
        try {
            Path real = path.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            Object changed =
                    real.getFileSystem().supportedFileAttributeViews().contains("unix")
                            ? Files.getAttribute(real, "unix:ctime")
                            : null;
            return new FileStamp(
                    real,
                    attributes.lastModifiedTime(),
                    changed,
                    attributes.size(),
                    attributes.fileKey());
        } catch (IOException e) {
            // Why it can not be seen is told by reading it.
            return ABSENT;
        }
    }
}
