package dev.hearth.storage;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/// SQLite's native library, unpacked once and kept beside the database.
///
/// The driver would unpack it at every start, into the temporary folder: 30 ms, and a file that stays behind
/// when the process is killed. What is kept is named by the exact jar that it came from, and used only where
/// nobody but this user and root can have written it; else, and wherever anything fails, the driver does as
/// ever.
final class SqliteLibrary {
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String TEMPORARY = "org.sqlite.tmpdir";
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int WRITABLE_BY_OTHERS = 0022;

    private SqliteLibrary() {}

    /// Has the driver of this process load the library kept in `folder`, unpacking it first where it is not
    /// there. A library that the operator chose stays chosen.
    static synchronized void keepIn(Path folder) {
        Path self = Path.of("/proc/self"); // belongs to the user we are
        if (System.getProperty(PATH) != null || !Files.exists(self)) {
            return;
        }
        try {
            Path kept = folder.resolve("native");
            Path library = kept.resolve(name());
            if (!Files.exists(library)) {
                unpack(kept, library);
            }
            int us = attribute(self, "uid");
            if (isSafe(kept, us) && isSafe(library, us)) {
                System.setProperty(NAME, String.valueOf(library.getFileName()));
                System.setProperty(PATH, kept.toString());
                // Where the driver looks for what killed processes left behind.
                System.setProperty(TEMPORARY, kept.toString());
            } else {
                warn(folder, "others may have written it");
            }
        } catch (IOException | URISyntaxException | RuntimeException unusable) {
            warn(folder, unusable.toString());
        }
    }

    private static void warn(Path folder, String why) {
        LoggerFactory.getLogger(SqliteLibrary.class)
                .warn("SQLite's library in {} is not used: {}", folder.resolve("native"), why);
    }

    /// Names the jar, when it was written and for which machine: another jar has another library.
    private static String name() throws IOException, URISyntaxException {
        Path jar =
                Path.of(
                        SQLiteJDBCLoader.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        return "%s-%x-%x-%s.so"
                .formatted(
                        jar.getFileName(),
                        Files.size(jar),
                        Files.getLastModifiedTime(jar).toMillis(),
                        System.getProperty("os.arch"));
    }

    private static void unpack(Path kept, Path library) throws IOException {
        Files.createDirectories(kept, OWNER_ONLY);
        String resource = resourceFolder() + "/" + LibraryLoaderUtil.getNativeLibName();
        // Written aside and moved: another process never loads half a library.
        Path aside = Files.createTempFile(kept, "unpacking", "", OWNER_ONLY);
        try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IOException("the driver has no library for this machine");
            }
            Files.copy(packed, aside, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("r-x------"));
            Files.move(aside, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /// Where the driver's jar has the library for this machine. On Linux the driver would start `uname` to find out whether
    /// this is Android, for which there is no Java 25.
    private static String resourceFolder() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return LibraryLoaderUtil.getNativeLibResourcePath();
        }
        return "/org/sqlite/native/"
                + (OSInfo.isMusl() ? "Linux-Musl/" : "Linux/")
                + OSInfo.getArchName();
    }

    private static boolean isSafe(Path path, int us) throws IOException {
        int owner = attribute(path, "uid", LinkOption.NOFOLLOW_LINKS);
        int mode = attribute(path, "mode", LinkOption.NOFOLLOW_LINKS);
        return (owner == us || owner == 0) && (mode & WRITABLE_BY_OTHERS) == 0;
    }

    private static int attribute(Path path, String name, LinkOption... how) throws IOException {
        return (int) Files.getAttribute(path, "unix:" + name, how);
    }
}
