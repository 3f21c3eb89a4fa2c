import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Rewrites the jars that are packed: uncompressed, since what is packed around them compresses them far better as one,
/// and without what cannot run where the package runs.
///
///     java Repack.java ARCHITECTURE JAR…      with SQLite's name of the architecture, such as x86_64
void main(String[] args) throws IOException {
    for (String jar : List.of(args).subList(1, args.length)) {
        repack(Path.of(jar), args[0]);
    }
}

void repack(Path jar, String architecture) throws IOException {
    Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
    try (ZipFile from = new ZipFile(jar.toFile());
            OutputStream file = Files.newOutputStream(rewritten);
            ZipOutputStream to = new ZipOutputStream(file)) {
        to.setMethod(ZipOutputStream.STORED);
        // The manifest stays first, for those who read a jar as a stream; and folders stay, since
        // Flyway finds no
        // migration in one that has no entry.
        List<? extends ZipEntry> entries =
                from.stream()
                        .filter(entry -> isNeeded(entry.getName(), architecture))
                        .sorted(
                                Comparator.comparing((ZipEntry entry) ->
                                                !entry.getName().equals("META-INF/MANIFEST.MF"))
                                        .thenComparing(ZipEntry::getName))
                        .toList();
        for (ZipEntry entry : entries) {
            copy(from.getInputStream(entry).readAllBytes(), entry.getName(), to);
        }
    }
    Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
}

/// Of SQLite's libraries only the one for this kind of machine: the runtime that is packed needs glibc.
boolean isNeeded(String name, String architecture) {
    return !name.startsWith("org/sqlite/native/")
            || name.startsWith("org/sqlite/native/Linux/" + architecture + "/");
}

void copy(byte[] content, String name, ZipOutputStream to) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    to.putNextEntry(entry);
    to.write(content);
    to.closeEntry();
}
