package dev.kestrel.internal.serving;

/** Bytes as people read them: sixteen a line, as hexadecimal numbers and as ASCII. */
final class HexDump {

    private static final int PER_LINE = 16;
    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

    private HexDump() {}

    /** Adds the lines for some bytes, each line after a line break. */
    static void append(StringBuilder to, byte[] bytes) {
        for (int line = 0; line < bytes.length; line += PER_LINE) {
            to.append('\n');
            for (int i = line; i < line + PER_LINE; i++) {
                if (i < bytes.length) {
                    to.append(DIGITS[bytes[i] >> 4 & 15]).append(DIGITS[bytes[i] & 15]).append(' ');
                } else {
                    to.append("   ");
                }
                if (i == line + 7) {
                    to.append(' ');
                }
            }
            to.append("  ");
            for (int i = line; i < Math.min(line + PER_LINE, bytes.length); i++) {
                // What is not plain ASCII could do things to the terminal that shows the log.
                to.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
                if (i == line + 7 && i + 1 < bytes.length) {
                    to.append(' ');
                }
            }
        }
    }
}
