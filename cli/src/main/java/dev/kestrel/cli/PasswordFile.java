package dev.kestrel.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a password out of a file, which may be a pipe such as {@code /dev/stdin}. */
final class PasswordFile {

    private static final int LONGEST = 4096;

    private PasswordFile() {}

    /** The first line of a file. No message says what is in the file. */
    static String read(String flag, Path file) throws CommandFailure {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST + 1);
        } catch (IOException e) {
            throw CommandFailure.usage(
                    flag
                            + (Files.exists(file)
                                    ? ": " + file + " can not be read"
                                    : ": there is no file " + file));
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            String first = text.lines().findFirst().orElse("");
            if (!first.isEmpty() && bytes.length <= LONGEST) {
                return first;
            }
        } catch (CharacterCodingException _) {
            // As for any other file that holds something else.
        }
        throw CommandFailure.usage(
                flag + ": the first line of " + file + " has to be a password in UTF-8");
    }
}
