package dev.hearth.storage;

import dev.hearth.storage.CannotStartException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import org.slf4j.LoggerFactory;

/// What must be true of the folder of a SQLite file, and the locks beside it.
final class SqliteFiles {
    private SqliteFiles() {}

    /// File systems where SQLite's locks and shared memory cannot be trusted (sqlite.org/wal.html).
    private static final Set<String> NETWORK_FILE_SYSTEMS =
            Set.of(
                    "nfs",
                    "nfs4",
                    "cifs",
                    "smb",
                    "smb2",
                    "smb3",
                    "smbfs",
                    "9p",
                    "afs",
                    "ceph",
                    "glusterfs",
                    "lustre",
                    "ncpfs",
                    "beegfs",
                    "gpfs",
                    "webdav");

    /// Makes the folder where it is missing, and refuses one that cannot hold a database.
    static void prepareFolder(Path file) {
        Path folder = folderOf(file);
        try {
            Files.createDirectories(folder);
            requireLocal(folder, SqliteFiles::fileSystem);
        } catch (IOException failed) {
            throw new CannotStartException(
                    Kind.CANNOT_CREATE,
                    "The data folder %s cannot be created: %s.".formatted(folder, reasonOf(failed)),
                    failed);
        }
        if (!Files.isWritable(folder) || (Files.exists(file) && !Files.isWritable(file))) {
            throw new CannotStartException(
                    Kind.CANNOT_CREATE,
                    "The data folder %s cannot be written by the user %s."
                            .formatted(folder, System.getProperty("user.name")));
        }
    }

    /// Finds the type of the file system of a folder.
    interface FileSystemType {
        String of(Path folder) throws IOException;
    }

    private static String fileSystem(Path folder) throws IOException {
        return Files.getFileStore(folder).type();
    }

    /// Refuses a file system that is a network's; one that cannot be told is taken for a local one, with a line in the
    /// log.
    static void requireLocal(Path folder, FileSystemType type) {
        String found;
        try {
            found = type.of(folder);
        } catch (IOException untold) {
            // As in a chroot, whose root is no mount point.
            LoggerFactory.getLogger(SqliteFiles.class)
                    .warn(
                            "cannot tell which file system the data folder {} is on ({}); it must be a local disk",
                            folder,
                            untold.getMessage());
            return;
        }
        requireLocal(folder, found);
    }

    /// Refuses a file system of this type if it is a network's.
    static void requireLocal(Path folder, String fileSystem) {
        String type = fileSystem.toLowerCase(Locale.ROOT);
        boolean fuse = type.startsWith("fuse.");
        String name = fuse ? type.substring("fuse.".length()) : type;
        if (NETWORK_FILE_SYSTEMS.contains(name)
                || (fuse && Set.of("sshfs", "rclone", "s3fs", "davfs", "gcsfuse").contains(name))) {
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "The data folder %s is on a network file system (%s), where SQLite can lose data; use a"
                                    .formatted(folder, fileSystem)
                            + " local disk or PostgreSQL.");
        }
    }

    /// Holds `<file>.<purpose>` locked until closed, or refuses with the sentence if another process does.
    ///
    /// A file of its own, because closing any channel to the database file would drop SQLite's locks.
    static AutoCloseable lock(Path file, String purpose, String refusal) {
        Path path = file.resolveSibling(file.getFileName() + "." + purpose);
        try {
            FileChannel channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw inUse(refusal, holder(channel));
                }
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(ownPid().getBytes(StandardCharsets.US_ASCII)), 0);
                return channel;
            } catch (OverlappingFileLockException held) {
                // Left open: to close any channel of a file drops all locks of this process on it.
                throw inUse(refusal, "this one");
            } catch (IOException | RuntimeException failed) {
                channel.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new CannotStartException(
                    Kind.CANNOT_CREATE,
                    "The lock %s cannot be taken: %s.".formatted(path, reasonOf(failed)),
                    failed);
        }
    }

    /// As [#lock], but waits for the other process to let go.
    static AutoCloseable lockWaiting(Path file, String purpose) {
        Path path = file.resolveSibling(file.getFileName() + "." + purpose);
        try {
            FileChannel channel =
                    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            return channel;
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot lock " + path, failed);
        }
    }

    private static CannotStartException inUse(String refusal, String holder) {
        return new CannotStartException(Kind.TEMPORARY, refusal.formatted(holder));
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        channel.read(pid, 0);
        String digits =
                new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
        return digits.matches("[0-9]+") ? "process " + digits : "another process";
    }

    private static String ownPid() {
        return ProcessHandle.current().pid() + "\n";
    }

    static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new CannotStartException(
                    Kind.CONFIGURATION, "%s is a folder, not a database file.".formatted(file));
        }
        return folder;
    }

    static String reasonOf(IOException failed) {
        return switch (failed) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "a file of that name is in the way";
            case NotDirectoryException _ -> "it is not a folder";
            case FileSystemException known when known.getReason() != null -> known.getReason();
            default -> String.valueOf(failed.getMessage());
        };
    }
}
