package dev.hearth.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The single checks of `hearth doctor`: each looks at one thing and says what to do about it.
final class Checkup {
    private static final long LITTLE_SPACE = 1L << 30;
    private static final long NO_SPACE = 100L << 20;
    private static final Duration MUCH_SKEW = Duration.ofSeconds(5);

    private Checkup() {}

    static Finding dataFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Finding.hint(
                    "data folder", folder + " is not there yet: the first start makes it");
        }
        return Files.isWritable(folder)
                ? Finding.ok("data folder", folder.toString())
                : Finding.wrong("data folder", folder + " cannot be written to by this user");
    }

    /// @param usable bytes
    static Finding space(long usable) {
        String detail = "%d MiB are free".formatted(usable >> 20);
        if (usable < NO_SPACE) {
            return Finding.wrong("disk space", detail);
        }
        return usable < LITTLE_SPACE
                ? Finding.hint("disk space", detail)
                : Finding.ok("disk space", detail);
    }

    /// Secrets and the database are their owner's alone.
    static List<Finding> permissions(Path folder) {
        List<Finding> findings = new ArrayList<>();
        for (Path file : files(folder, "{*.secret,*.key,hearth.db}", "permissions", findings)) {
            try {
                findings.add(permissionsOf(file));
            } catch (IOException untold) {
                findings.add(unread("permissions", file, untold));
            }
        }
        return findings;
    }

    /// The files of a folder with such a name; none where it is no folder, or may not be looked into, which is found.
    private static List<Path> files(
            Path folder, String names, String what, List<Finding> findings) {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> open = Files.newDirectoryStream(folder, names)) {
                open.forEach(files::add);
            } catch (DirectoryIteratorException interrupted) {
                findings.add(unread(what, folder, Objects.requireNonNull(interrupted.getCause())));
            } catch (IOException refused) {
                findings.add(unread(what, folder, refused));
            }
        }
        return files;
    }

    private static Finding unread(String what, Path path, IOException why) {
        return Finding.hint(what, "%s cannot be looked at: %s".formatted(path, Reasons.of(why)));
    }

    private static Finding permissionsOf(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        String detail =
                "%s: %s".formatted(file.getFileName(), PosixFilePermissions.toString(permissions));
        return permissions.contains(PosixFilePermission.OTHERS_READ)
                        || permissions.contains(PosixFilePermission.GROUP_READ)
                ? Finding.wrong("permissions", detail + "; others can read it: chmod 600 " + file)
                : Finding.ok("permissions", detail);
    }

    /// @param skew between this machine's clock and the database's
    static Finding clock(Duration skew) {
        String detail = "%d ms from the database's".formatted(skew.abs().toMillis());
        return skew.abs().compareTo(MUCH_SKEW) > 0
                ? Finding.wrong(
                        "clock",
                        detail
                                + ": signatures look old or from the future; let the machine keep time (NTP)")
                : Finding.ok("clock", detail);
    }

    /// Apache keeps the Authorization header from applications unless it is told otherwise. Says nothing where no
    /// site is ours.
    static List<Finding> apache(List<Path> folders) {
        List<Finding> findings = new ArrayList<>();
        for (Path folder : folders) {
            for (Path file : files(folder, "*.conf", "apache", findings)) {
                try {
                    apacheSite(file).ifPresent(findings::add);
                } catch (IOException untold) { // a link whose site is gone, say
                    findings.add(unread("apache", file, untold));
                }
            }
        }
        return findings;
    }

    private static Optional<Finding> apacheSite(Path file) throws IOException {
        String text = Files.readString(file, ISO_8859_1); // comments may be in any encoding
        if (!text.contains("hearth")) {
            return Optional.empty();
        }
        boolean passes = text.contains("CGIPassAuth") || text.contains("HTTP_AUTHORIZATION");
        return Optional.of(
                passes
                        ? Finding.ok("apache", file + " passes Authorization on")
                        : Finding.wrong(
                                "apache",
                                file
                                        + " withholds Authorization: add CGIPassAuth On, or API keys never arrive"));
    }
}
