package dev.hearth.web;

import dev.hearth.http.Problem;
import dev.hearth.http.Query;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Forms as browsers send them without files (application/x-www-form-urlencoded). With files: [Multipart].
public final class Forms {
    /// Longer forms are refused with 413.
    public static final int LIMIT = 1 << 20;

    private Forms() {}

    /// The fields of the form.
    ///
    /// @throws RefusedException with 415 if it is no such form, 400 if it cannot be decoded, 413 if it is too long
    /// @throws IOException if the body cannot be read to its end
    public static Query read(Request request) throws IOException {
        if (!MediaTypes.is(request, "application/x-www-form-urlencoded")) {
            throw Problem.of(
                            415,
                            "unsupported-media-type",
                            "The body must be application/x-www-form-urlencoded; say so in Content-Type.")
                    .refuse();
        }
        MediaTypes.requireNotCompressed(request);
        return Query.parse(new String(request.bytes(LIMIT), StandardCharsets.ISO_8859_1));
    }

    /// The form as a record.
    ///
    /// @throws RefusedException with 422 that lists every field missing or wrong, and as above
    /// @throws IOException if the body cannot be read to its end
    public static <T extends Record> T read(Request request, Class<T> type) throws IOException {
        return Bind.form(read(request), type);
    }
}
