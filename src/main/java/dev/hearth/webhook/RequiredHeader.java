package dev.hearth.webhook;

import dev.hearth.http.Headers;
import java.util.List;

/// A header that each event of a scheme has.
final class RequiredHeader {
    private RequiredHeader() {}

    /// The value of a header that is there once.
    ///
    /// @throws UnreadableEventException if it is missing or repeated
    static String of(Headers headers, String name) {
        List<String> values = headers.all(name);
        if (values.size() != 1) {
            throw new UnreadableEventException(
                    "an event has one header %s, this has %d".formatted(name, values.size()));
        }
        return values.getFirst();
    }
}
