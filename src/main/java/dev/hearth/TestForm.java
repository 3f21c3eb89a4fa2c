package dev.hearth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// A form as a browser sends it, for [TestRequest#form]: with files as `multipart/form-data`, without as
/// `application/x-www-form-urlencoded`. A value: each method gives another.
///
/// {@snippet lang=java :
/// TestForm photo = TestForm.of("caption", "the Forum").withFile("photo", "forum.png", "image/png", png);
/// }
public final class TestForm {
    /// What was typed in, or chosen.
    private sealed interface Entry {
        String name();

        record Field(String name, String value) implements Entry {}

        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        record File(String name, String fileName, String contentType, byte[] content)
                implements Entry {}
    }

    private final List<Entry> entries;
    private final String boundary = "hearth-" + UUID.randomUUID(); // so that no file holds it

    private TestForm(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// A form of one field.
    public static TestForm of(String name, String value) {
        return new TestForm(List.of(new Entry.Field(name, value)));
    }

    /// A form of one file.
    public static TestForm ofFile(
            String name, String fileName, String contentType, byte[] content) {
        return new TestForm(List.of()).withFile(name, fileName, contentType, content);
    }

    /// With one more field, behind any of the same name.
    public TestForm with(String name, String value) {
        return plus(new Entry.Field(name, value));
    }

    /// With one more file.
    public TestForm withFile(String name, String fileName, String contentType, byte[] content) {
        return plus(new Entry.File(name, fileName, contentType, content.clone()));
    }

    private TestForm plus(Entry entry) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        return new TestForm(more);
    }

    private boolean hasFiles() {
        return entries.stream().anyMatch(entry -> entry instanceof Entry.File);
    }

    String contentType() {
        return hasFiles()
                ? "multipart/form-data; boundary=" + boundary
                : "application/x-www-form-urlencoded";
    }

    byte[] body() {
        return hasFiles() ? multipart() : urlencoded().getBytes(UTF_8);
    }

    private String urlencoded() {
        return entries.stream()
                .map(Entry.Field.class::cast)
                .map(field ->
                        URLEncoder.encode(field.name(), UTF_8)
                                + "="
                                + URLEncoder.encode(field.value(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private byte[] multipart() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            String head =
                    "--%s\r\nContent-Disposition: form-data; name=\"%s\""
                            .formatted(boundary, escaped(entry.name()));
            switch (entry) {
                case Entry.Field(_, String value) ->
                        body.writeBytes((head + "\r\n\r\n" + value).getBytes(UTF_8));
                case Entry.File(_, String fileName, String contentType, byte[] content) -> {
                    String rest =
                            "; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
                                    .formatted(escaped(fileName), contentType);
                    body.writeBytes((head + rest).getBytes(UTF_8));
                    body.writeBytes(content);
                }
            }
            body.writeBytes("\r\n".getBytes(UTF_8));
        }
        body.writeBytes(("--" + boundary + "--\r\n").getBytes(UTF_8));
        return body.toByteArray();
    }

    /// As browsers write it (HTML standard, multipart form data).
    private static String escaped(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }
}
