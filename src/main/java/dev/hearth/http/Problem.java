package dev.hearth.http;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Problem details (RFC 9457): how every refusal and failure is told to the client.
///
/// `type` is stable: programs may switch on it. `detail` is for a person and says what to change;
/// it never holds a secret, a stack trace or bytes of the request's body. Extensions hold strings,
/// numbers, booleans, and lists and maps of those.
public record Problem(
        int status, String type, String title, String detail, Map<String, Object> extensions) {

    private static final String TYPE_PREFIX = "urn:hearth:problem:";

    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("a problem's status is 400 to 599, was " + status);
        }
        // In the order given: people read them.
        extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    }

    /// A problem of Hearth's own kind: `name` becomes the type `urn:hearth:problem:name`.
    public static Problem of(int status, String name, String detail) {
        return new Problem(status, TYPE_PREFIX + name, Status.reason(status), detail, Map.of());
    }

    /// One entry of a list of errors: where, as the member `place` names it, and what is wrong there.
    public static Map<String, Object> error(String place, String where, String detail) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put(place, where);
        error.put("detail", detail);
        return error;
    }

    /// The same problem with one more member.
    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extensions);
        more.put(member, value);
        return new Problem(status, type, title, detail, more);
    }

    /// This problem as the exception that a handler throws.
    public RefusedException refuse() {
        return new RefusedException(this);
    }

    /// This problem as the exception that a handler throws, with a header that belongs to it.
    public RefusedException refuse(String header, String value) {
        return new RefusedException(this, Headers.of(header, value));
    }

    /// This problem as an answer, `application/problem+json`.
    public Response toResponse() {
        return Response.bytes(
                status, "application/problem+json", toJson().getBytes(StandardCharsets.UTF_8));
    }

    /// This problem as a JSON object.
    public String toJson() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", type);
        members.put("title", title);
        members.put("status", status);
        members.put("detail", detail);
        extensions.forEach(members::putIfAbsent);
        StringBuilder json = new StringBuilder(200);
        append(json, members);
        return json.append('\n').toString();
    }

    private static void append(StringBuilder json, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    json.append(separator);
                    appendString(json, String.valueOf(member.getKey()));
                    json.append(':');
                    append(json, member.getValue());
                    separator = ",";
                }
                json.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    json.append(separator);
                    append(json, element);
                    separator = ",";
                }
                json.append(list.isEmpty() ? "[]" : "]");
            }
            case Number number -> json.append(number);
            case Boolean flag -> json.append(flag);
            default -> appendString(json, value.toString());
        }
    }

    private static void appendString(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                default -> {
                    // Lone surrogates cannot be written as UTF-8; escaped, they are still JSON.
                    if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
