package dev.hearth.webhook;

import dev.hearth.http.Headers;
import java.util.List;
import java.util.Optional;

/// The headers that are stored with an event, as a JSON object.
final class KeptHeaders {
    private KeptHeaders() {}

    static final String TRACEPARENT = "traceparent";
    private static final int MAX_VALUE = 500;

    /// `traceparent` is the request's own place in its trace, never what the sender claims.
    static String toJson(Headers headers, List<String> kept, Optional<String> traceparent) {
        StringBuilder json = new StringBuilder(100).append('{');
        for (String name : kept) {
            append(json, name, headers.first(name).orElse(""));
        }
        traceparent.ifPresent(own -> append(json, TRACEPARENT, own));
        return json.append('}').toString();
    }

    private static void append(StringBuilder json, String name, String value) {
        if (!value.isEmpty() && value.length() <= MAX_VALUE) {
            json.append(json.length() == 1 ? "\"" : ",\"").append(name).append("\":\"");
            append(json, value);
            json.append('"');
        }
    }

    /// Header values hold tabs, printable ASCII and Latin-1 only.
    private static void append(StringBuilder json, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\t' -> json.append("\\t");
                default -> json.append(c < 0x20 || c == 0x7f ? ' ' : c);
            }
        }
    }
}
