package dev.hearth.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Tells which process serves a unix socket: a file beside it with the number of the process, locked for as long
/// as that lives, so that the number of a process that is gone is never taken for another's.
final class SocketOwner implements AutoCloseable {
    private final Path file;
    private final @Nullable Object key;
    private final FileChannel locked;

    private SocketOwner(Path file, @Nullable Object key, FileChannel locked) {
        this.file = file;
        this.key = key;
        this.locked = locked;
    }

    private static Path file(Path socket) {
        return socket.resolveSibling(socket.getFileName() + ".pid");
    }

    /// The process that serves it, if one does.
    static Optional<ProcessHandle> of(Path socket) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file(socket), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            try (FileLock free = channel.tryLock()) {
                if (free != null) {
                    return Optional.empty();
                }
            }
            ByteBuffer pid = ByteBuffer.allocate(20);
            channel.read(pid, 0);
            String digits =
                    new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
            return digits.matches("[0-9]+")
                    ? ProcessHandle.of(Long.parseLong(digits))
                    : Optional.empty();
        } catch (NoSuchFileException nobody) {
            return Optional.empty();
        }
    }

    /// Marks this process as the one that serves it, until closed.
    static SocketOwner claim(Path socket) throws IOException {
        Path file = file(socket);
        long pid = ProcessHandle.current().pid();
        Path unready = file.resolveSibling("." + pid + ".pid");
        FileChannel channel =
                FileChannel.open(
                        unready,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        try {
            channel.lock();
            channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)));
            Files.move(unready, file, StandardCopyOption.ATOMIC_MOVE);
            return new SocketOwner(file, key(file), channel);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /// Removes the file, unless another process has put its own in that place by then.
    @Override
    public void close() {
        try (locked) {
            if (Files.exists(file) && Objects.equals(key, key(file))) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            LoggerFactory.getLogger(SocketOwner.class).warn("{} stays behind", file, left);
        }
    }
}
