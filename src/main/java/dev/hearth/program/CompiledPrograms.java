package dev.hearth.program;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A folder of compiled programs, one file each, named by what they were compiled from.
record CompiledPrograms(Path folder) {
    private static final String ENDING = ".classes";
    private static final int FORMAT = 0x48524501;
    private static final int MOST_CLASSES = 100_000;

    /// Programs change often while they are written, and each version leaves a file.
    private static final int KEPT = 20;

    /// A program may hold a secret.
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    Optional<CompiledProgram> find(String key) {
        Path file = folder.resolve(key + ENDING);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            return Optional.of(read(key, in));
        } catch (IOException unreadable) {
            return Optional.empty(); // a half file, after a full disk: it is compiled again
        }
    }

    private static CompiledProgram read(String key, DataInputStream file) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file.readAllBytes()));
        int format = in.readInt();
        String name = in.readUTF();
        int count = in.readInt();
        if (format != FORMAT || count < 1 || count > MOST_CLASSES) {
            throw new IOException("not a compiled program");
        }
        Map<String, byte[]> classes = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String each = in.readUTF();
            byte[] bytes = in.readNBytes(in.readInt());
            classes.put(each, bytes);
        }
        if (in.readInt() != FORMAT) {
            throw new IOException("cut short");
        }
        return new CompiledProgram(key, name, classes);
    }

    /// Keeps it for the next start. Written aside and moved, so that nobody reads half of it.
    void keep(CompiledProgram program) throws IOException {
        Files.createDirectories(folder, OWNER_ONLY);
        Path aside = Files.createTempFile(folder, ".compiled", "");
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(aside)))) {
            out.writeInt(FORMAT);
            out.writeUTF(program.name());
            out.writeInt(program.classes().size());
            for (Map.Entry<String, byte[]> each : program.classes().entrySet()) {
                out.writeUTF(each.getKey());
                out.writeInt(each.getValue().length);
                out.write(each.getValue());
            }
            out.writeInt(FORMAT);
        }
        Files.move(
                aside, folder.resolve(program.version() + ENDING), StandardCopyOption.ATOMIC_MOVE);
        forgetOldest();
    }

    private void forgetOldest() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> newestFirst =
                    files.filter(file -> file.toString().endsWith(ENDING))
                            .sorted(Comparator.comparing(CompiledPrograms::time).reversed())
                            .toList();
            for (Path old : newestFirst.stream().skip(KEPT).toList()) {
                Files.deleteIfExists(old);
            }
        }
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException goneAlready) {
            return FileTime.fromMillis(0);
        }
    }
}
