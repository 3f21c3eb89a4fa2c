package dev.hearth.app;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/// The folder with the database, the socket and the secrets that Hearth makes itself. Its owner alone may
/// look into it; others may pass through it to a name that they know.
final class DataFolder {
    private static final FileAttribute<Set<PosixFilePermission>> OTHERS_PASS_THROUGH =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    /// Makes the folder where there is none, and tries whether it can be written to.
    ///
    /// @throws StartException if not
    static DataFolder open(Path path) throws StartException {
        DataFolder folder = make(path);
        try {
            // Not a temporary file of the JDK's, for whose name the generators of random numbers
            // would be loaded.
            Path attempt = path.resolve(".writable-" + System.nanoTime());
            Files.delete(Files.createFile(attempt, OWNER_ONLY));
        } catch (IOException refused) {
            throw unusable(path, refused);
        }
        return folder;
    }

    /// As [#open], without the try: the first file that is written tells as well.
    static DataFolder make(Path path) throws StartException {
        try {
            if (!Files.isDirectory(path)) {
                // A front server must reach the socket.
                Files.createDirectories(path, OTHERS_PASS_THROUGH);
            }
        } catch (IOException refused) {
            throw unusable(path, refused);
        }
        return new DataFolder(path);
    }

    private static StartException unusable(Path path, IOException refused) {
        return new StartException(
                ExitCode.CANNOT_CREATE,
                "cannot write to the data folder %s: %s; choose another with --data or mend its permissions"
                        .formatted(path.toAbsolutePath(), Reasons.of(refused)),
                refused);
    }

    /// Makes an empty file that only its owner can read, unless there is one: what SQLite opens it fills,
    /// and gives the files beside it the same permissions.
    static void createPrivately(Path file) throws StartException {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file, OWNER_ONLY);
            }
        } catch (FileAlreadyExistsException _) {
            // Another process was quicker.
        } catch (IOException refused) {
            throw new StartException(
                    ExitCode.CANNOT_CREATE,
                    "cannot make the file %s: %s".formatted(file, Reasons.of(refused)),
                    refused);
        }
    }

    /// The secret in a file, or nothing where there is no such file.
    static Optional<Secret> readSecret(Path file) throws StartException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip())
                    .filter(text -> !text.isEmpty())
                    .map(Secret::new);
        } catch (IOException unreadable) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "cannot read the secret in %s: %s".formatted(file, Reasons.of(unreadable)),
                    unreadable);
        }
    }

    /// The secret in a file of a folder, which is made where there is none.
    static Secret secret(Path folder, Path file) throws StartException {
        Optional<Secret> made = readSecret(file);
        return made.isPresent() ? made.get() : open(folder).makeSecret(file);
    }

    /// Makes a webhook secret of 256 random bits and keeps it in a file that only its owner can read.
    Secret makeSecret(Path file) throws StartException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        Secret secret =
                new Secret(
                        "whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        try {
            // Written aside and moved: a crash in between leaves no half secret.
            Path aside = Files.createTempFile(path, ".secret", "", OWNER_ONLY);
            try {
                Files.writeString(aside, secret.value() + "\n");
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException refused) {
            throw new StartException(
                    ExitCode.CANNOT_CREATE,
                    "cannot write the secret to %s: %s".formatted(file, Reasons.of(refused)),
                    refused);
        }
        return secret;
    }
}
