package dev.hearth.web;

import dev.hearth.http.Problem;
import dev.hearth.http.Query;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A form with files (multipart/form-data, RFC 7578). Small parts stay in memory, larger ones go to files in a
/// temporary folder while they are read. Close it: that deletes what was not moved away.
///
/// {@snippet lang=java :
/// try (Multipart form = Multipart.read(request, Multipart.Limits.DEFAULT)) {
///     NewPhoto wanted = Bind.form(form.fields(), NewPhoto.class); // or one by one: form.field("title")
///     form.file("photo").ifPresent(photo -> store(wanted, photo.open()));
/// }
/// }
public final class Multipart implements AutoCloseable {
    private final List<Part> parts;

    private Multipart(List<Part> parts) {
        this.parts = parts;
    }

    /// How much is taken, and where it is put.
    ///
    /// | limit | default | beyond it |
    /// |---|---|---|
    /// | `parts` | 100 | 400 |
    /// | `fieldBytes`: a part without file name | 64 KiB | 413 |
    /// | `fileBytes`: a part with one | 20 MiB | 413 |
    /// | `memoryBytes`: a part kept in memory | 64 KiB | goes to a file in `folder` |
    public record Limits(int parts, int fieldBytes, long fileBytes, int memoryBytes, Path folder) {
        public static final Limits DEFAULT =
                new Limits(
                        100,
                        64 << 10,
                        20L << 20,
                        64 << 10,
                        Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// Reads the whole form.
    ///
    /// @throws RefusedException with 415 if it is no such form, 400 if it is malformed or ends too early, 413 if a
    ///     part is too large
    /// @throws IOException if the body cannot be read to its end, or the folder not be written to
    public static Multipart read(Request request, Limits limits) throws IOException {
        List<Part> parts = new ArrayList<>();
        Multipart form = new Multipart(parts);
        boolean whole = false;
        try {
            MultipartReader reader = new MultipartReader(request.body(), boundary(request));
            for (Optional<PartHead> head = reader.next(); head.isPresent(); head = reader.next()) {
                if (parts.size() == limits.parts()) {
                    throw MultipartReader.malformed(
                            "It may have at most %d parts.".formatted(limits.parts()));
                }
                PartContent content = new PartContent(head.get(), limits);
                parts.add(new Part(head.get(), content)); // before it is filled: it may own a file
                reader.copyTo(content);
                content.close();
            }
            whole = true;
            return form;
        } finally {
            if (!whole) {
                form.close();
            }
        }
    }

    private static String boundary(Request request) {
        String type = request.header("Content-Type").orElse("");
        if (!MediaTypes.bare(type).equals("multipart/form-data")) {
            throw Problem.of(
                            415,
                            "unsupported-media-type",
                            "The body must be multipart/form-data; say so in Content-Type.")
                    .refuse();
        }
        MediaTypes.requireNotCompressed(request);
        return MediaTypes.parameter(type, "boundary")
                .filter(text -> !text.isEmpty() && text.length() <= 70)
                .orElseThrow(() ->
                        MultipartReader.malformed(
                                "Content-Type must have a boundary of 1 to 70 characters."));
    }

    /// Every part, in the order sent.
    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /// The first field of this name as text.
    public Optional<String> field(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name) && part.fileName().isEmpty())
                .findFirst()
                .map(Part::text);
    }

    /// Every part without a file name, as the fields of a form without files are.
    ///
    /// @throws RefusedException with 400 if one is not UTF-8
    public Query fields() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (Part part : parts) {
            if (part.fileName().isEmpty()) {
                fields.computeIfAbsent(part.name(), _ -> new ArrayList<>(1)).add(part.text());
            }
        }
        return Query.of(fields);
    }

    /// The first file of this name. Where none was chosen browsers send an empty part whose file name is
    /// empty too: that is none.
    public Optional<Part> file(String name) {
        return parts.stream().filter(part -> part.name().equals(name) && isFile(part)).findFirst();
    }

    private static boolean isFile(Part part) {
        return part.fileName().isPresent() && (part.size() > 0 || !part.fileName().get().isEmpty());
    }

    /// Deletes the files of all parts.
    @Override
    public void close() {
        parts.forEach(Part::delete);
    }
}
