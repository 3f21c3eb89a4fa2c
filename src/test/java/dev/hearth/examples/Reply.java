package dev.hearth.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.TreeMap;

/// What was answered, whichever way it came.
record Reply(int status, Map<String, String> headers, String body) {

    /// Reads an answer as CGI and FastCGI carry it.
    static Reply parse(byte[] answer) {
        String text = new String(answer, UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("an answer without headers: " + text);
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        text.substring(0, end)
                .lines()
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
                });
        String status = headers.getOrDefault("Status", "200");
        return new Reply(
                Integer.parseInt(status.substring(0, 3)), headers, text.substring(end + 4));
    }
}
