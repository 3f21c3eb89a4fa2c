package dev.hearth.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads Cookie headers (RFC 6265 section 4.2).
final class Cookies {
    private Cookies() {}

    static Map<String, String> parse(List<String> headers) {
        Map<String, String> cookies = new LinkedHashMap<>();
        for (String header : headers) {
            for (String pair : header.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    cookies.putIfAbsent(
                            pair.substring(0, equals).strip(),
                            unquoted(pair.substring(equals + 1).strip()));
                }
            }
        }
        return Map.copyOf(cookies);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
