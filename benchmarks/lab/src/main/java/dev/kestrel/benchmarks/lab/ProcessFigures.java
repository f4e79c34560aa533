package dev.kestrel.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux knows of a process and of those it started, from {@code /proc}. */
final class ProcessFigures {

    /** The unit of {@code /proc/PID/stat}, the same on all systems: 100 a second. */
    private static final long MICROS_PER_TICK = 10_000;

    private ProcessFigures() {}

    /** The time that its threads were running, in user and system mode. */
    static long cpuMicros(ProcessHandle process) throws IOException {
        long micros = 0;
        for (ProcessHandle each : family(process)) {
            Path stat = Path.of("/proc", Long.toString(each.pid()), "stat");
            if (Files.exists(stat)) {
                String line = Files.readString(stat);
                // The name is in parentheses and may hold anything; utime and stime are 14 and 15.
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
                micros +=
                        (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
            }
        }
        return micros;
    }

    /** Resident memory now, in bytes. */
    static long residentBytes(ProcessHandle process) throws IOException {
        return status(process, "VmRSS:");
    }

    /** The most there was of it at one time, in bytes. */
    static long peakResidentBytes(ProcessHandle process) throws IOException {
        return status(process, "VmHWM:");
    }

    private static long status(ProcessHandle process, String name) throws IOException {
        long bytes = 0;
        for (ProcessHandle each : family(process)) {
            Path status = Path.of("/proc", Long.toString(each.pid()), "status");
            if (Files.exists(status)) {
                for (String line : Files.readAllLines(status)) {
                    if (line.startsWith(name)) {
                        bytes += Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                    }
                }
            }
        }
        return bytes;
    }

    private static Iterable<ProcessHandle> family(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants()).toList();
    }
}
