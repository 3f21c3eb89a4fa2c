package dev.hearth.bench.host;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A control group (version 2) of one server, so that every process it ever forked is counted, ended ones included.
public final class Cgroup implements AutoCloseable {

    private final Path folder;

    private Cgroup(Path folder) {
        this.folder = folder;
    }

    /// A new group below the runner's own, or nothing where this user may not make one.
    public static Optional<Cgroup> open(String name) throws IOException {
        Optional<Path> own = ownFolder();
        if (own.isEmpty() || !Files.isWritable(own.get())) {
            return Optional.empty();
        }
        Path folder = own.get().resolve("bench-" + ProcessHandle.current().pid() + "-" + name);
        try {
            Files.createDirectory(folder);
        } catch (IOException refused) {
            return Optional.empty();
        }
        return Optional.of(new Cgroup(folder));
    }

    private static Optional<Path> ownFolder() throws IOException {
        Optional<String> mounted =
                Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                        .filter(line -> line.contains(" - cgroup2 "))
                        .map(line -> line.split(" ")[4])
                        .findFirst();
        Optional<String> below =
                Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                        .filter(line -> line.startsWith("0::"))
                        .map(line -> line.substring("0::/".length()))
                        .findFirst();
        return mounted.flatMap(mount -> below.map(path -> Path.of(mount, path)));
    }

    /// The file to which a process writes 0 to enter.
    public Path entrance() {
        return folder.resolve("cgroup.procs");
    }

    /// CPU time of all its processes so far, in microseconds.
    public long cpuMicros() throws IOException {
        for (String line : Files.readAllLines(folder.resolve("cpu.stat"))) {
            if (line.startsWith("usage_usec ")) {
                return Long.parseLong(line.substring("usage_usec ".length()));
            }
        }
        throw new IOException("no usage_usec in " + folder.resolve("cpu.stat"));
    }

    public List<Long> pids() throws IOException {
        return Files.readAllLines(entrance()).stream().map(Long::valueOf).toList();
    }

    /// Removes the group once its processes have ended; waits a little for those that are ending.
    @Override
    public void close() throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                Files.deleteIfExists(folder);
                return;
            } catch (FileSystemException busy) {
                if (attempt == 100) {
                    throw busy;
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
