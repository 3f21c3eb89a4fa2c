package dev.hearth.web;

import dev.hearth.http.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the bytes of a part go: into memory, and into a file once there are too many.
final class PartContent extends OutputStream {
    private final long limit;
    private final Multipart.Limits limits;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream toFile;
    private long size;

    PartContent(PartHead head, Multipart.Limits limits) {
        this.limits = limits;
        this.limit = head.fileName().isPresent() ? limits.fileBytes() : limits.fieldBytes();
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        size += length;
        if (size > limit) {
            throw Problem.of(
                            413,
                            "content-too-large",
                            "A part may have at most %d bytes.".formatted(limit))
                    .with("limit", limit)
                    .refuse();
        }
        if (toFile == null && size > limits.memoryBytes()) {
            file = Files.createTempFile(limits.folder(), "hearth-part-", ".tmp");
            toFile = Files.newOutputStream(file);
            memory.writeTo(toFile);
            memory.reset();
        }
        (toFile == null ? memory : toFile).write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        if (toFile != null) {
            toFile.close();
        }
    }

    long size() {
        return size;
    }

    InputStream open() throws IOException {
        return file == null
                ? new ByteArrayInputStream(memory.toByteArray())
                : Files.newInputStream(file);
    }

    void moveTo(Path target) throws IOException {
        if (file == null) {
            Files.write(target, memory.toByteArray());
        } else {
            Files.move(file, target);
        }
    }

    void delete() throws IOException {
        close();
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
