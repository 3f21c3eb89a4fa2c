package dev.hearth.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// One part of a [Multipart] form: a field, or a file where it has a file name. Valid until the form is closed.
public final class Part {
    private final PartHead head;
    private final PartContent content;

    Part(PartHead head, PartContent content) {
        this.head = head;
        this.content = content;
    }

    public String name() {
        return head.name();
    }

    /// The name that the client gave to a file, without folders. Show it, but never open a file by it.
    public Optional<String> fileName() {
        return head.fileName();
    }

    /// The type that the client claims.
    public String contentType() {
        return head.contentType();
    }

    /// In bytes.
    public long size() {
        return content.size();
    }

    /// For a log: nothing of its content.
    @Override
    public String toString() {
        return "Part[name=%s, fileName=%s, contentType=%s, size=%s]"
                .formatted(name(), fileName().orElse("none"), contentType(), size());
    }

    /// The bytes, from the start; the caller closes.
    public InputStream open() throws IOException {
        return content.open();
    }

    /// The bytes as text in UTF-8.
    ///
    /// @throws dev.hearth.http.RefusedException with 400 if they are not
    public String text() {
        try (InputStream in = open()) {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw MultipartReader.malformed("A field is not UTF-8.");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Keeps the bytes as a file, which must not exist yet.
    public void moveTo(Path target) throws IOException {
        content.moveTo(target);
    }

    void delete() {
        try {
            content.delete();
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }
}
