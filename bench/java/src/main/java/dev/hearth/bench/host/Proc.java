package dev.hearth.bench.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Reads `/proc`.
final class Proc {

    // USER_HZ, fixed for user space on every Linux that a JVM runs on.
    private static final long MICROS_PER_TICK = 10_000;

    private Proc() {}

    /// CPU time of a process and of its children that were waited for, in microseconds (10 ms steps); 0 once it ended.
    static long cpuMicros(long pid) {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        } catch (IOException ended) {
            return 0;
        }
        // Fields count from behind the command's name, which may hold anything but ends in the last
        // ')'.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int field = 11; field <= 14; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks * MICROS_PER_TICK;
    }

    /// One value of a file of lines such as `Name:   123 kB`; 0 where the process or the line is missing.
    static long number(long pid, String file, String name) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/" + file)).stream()
                    .filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException ended) {
            return 0;
        }
    }

    /// How many files a process has open; 0 once it ended.
    static long openFiles(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
        } catch (IOException | UncheckedIOException ended) {
            return 0;
        }
    }
}
