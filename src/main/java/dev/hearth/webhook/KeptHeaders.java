package dev.hearth.webhook;

import dev.hearth.http.Headers;
import java.util.List;

/// The headers that are stored with an event, as a JSON object.
final class KeptHeaders {
    private KeptHeaders() {}

    private static final int MAX_VALUE = 500;

    static String toJson(Headers headers, List<String> kept) {
        StringBuilder json = new StringBuilder(100).append('{');
        for (String name : kept) {
            String value = headers.first(name).orElse("");
            if (!value.isEmpty() && value.length() <= MAX_VALUE) {
                json.append(json.length() == 1 ? "\"" : ",\"").append(name).append("\":\"");
                append(json, value);
                json.append('"');
            }
        }
        return json.append('}').toString();
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
