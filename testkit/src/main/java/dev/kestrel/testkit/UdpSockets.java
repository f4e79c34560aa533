package dev.kestrel.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What Linux tells of the UDP sockets of this machine. Has no state. */
public final class UdpSockets {

    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));

    private UdpSockets() {}

    /**
     * Whether it tells anything.
     *
     * @return false elsewhere
     */
    public static boolean areKnown() {
        return TABLES.stream().allMatch(Files::isReadable);
    }

    /**
     * How many sockets share a port.
     *
     * @param port the port
     * @return how many are bound to it, on any address
     * @throws IOException when the tables can not be read
     */
    public static int on(int port) throws IOException {
        // "  12: 0100007F:1F90 00000000:0000 ...": the slot, and the address that is bound.
        String end = String.format(Locale.ROOT, ":%04X", port);
        int count = 0;
        for (Path table : TABLES) {
            for (String line : Files.readAllLines(table)) {
                String[] words = line.strip().split(" +", -1);
                if (words.length > 1 && words[1].endsWith(end)) {
                    count++;
                }
            }
        }
        return count;
    }
}
