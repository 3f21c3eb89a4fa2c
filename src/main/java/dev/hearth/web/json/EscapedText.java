package dev.hearth.web.json;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Finds what JSON can write by an escape and is no text that could be kept: U+0000, which PostgreSQL refuses, and
/// one half of a surrogate pair, which UTF-8 cannot write (RFC 8259 section 8.2).
final class EscapedText {
    private EscapedText() {}

    /// Every such fault of a well-formed document, at no cost where nothing is escaped so.
    static List<Fault> faults(byte[] document) {
        return hasUnicodeEscape(document) ? search(document) : List.of();
    }

    private static boolean hasUnicodeEscape(byte[] document) {
        for (int i = 0; i < document.length - 1; i++) {
            if (document[i] == '\\' && document[i + 1] == 'u') {
                return true;
            }
        }
        return false;
    }

    private static List<Fault> search(byte[] document) {
        List<Fault> faults = new ArrayList<>();
        try (JsonParser parser = StrictMapper.MAPPER.createParser(document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean isText =
                        token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
                if (isText && !isKeepable(parser.getString()) && faults.size() < JsonFaults.MOST) {
                    faults.add(
                            new Fault(
                                    parser.streamReadContext().pathAsPointer().toString(),
                                    "must not hold \\u0000 or half of a surrogate pair"));
                }
            }
        }
        return faults;
    }

    private static boolean isKeepable(String text) {
        return text.codePoints()
                .noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
    }
}
