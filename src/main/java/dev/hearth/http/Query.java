package dev.hearth.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The parameters of a query or an urlencoded form, in the order sent. A name may come more than once.
public final class Query {

    /// More parameters than this are refused: no honest client sends them, and every one costs memory.
    public static final int MAX_PARAMETERS = 1_000;

    private final Map<String, List<String>> values;
    private final Set<String> unreadable;

    private Query(Map<String, List<String>> values, Set<String> unreadable) {
        this.values = values;
        this.unreadable = unreadable;
    }

    /// Parameters that are decoded already.
    public static Query of(Map<String, List<String>> values) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach((name, all) -> {
            if (!all.isEmpty()) {
                copy.put(name, List.copyOf(all));
            }
        });
        return new Query(copy, Set.of());
    }

    /// Decodes `a=b&c` with `+` and percent-encoding as application/x-www-form-urlencoded has them.
    ///
    /// @throws RefusedException with 400 if a percent sign has no two hex digits behind it, the bytes are
    ///     not UTF-8 or hold NUL, or there are more than [#MAX_PARAMETERS] parameters
    public static Query parse(String raw) {
        if (raw.isEmpty()) {
            return new Query(Map.of(), Set.of());
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        forEachPair(raw, (start, nameEnd, end) -> add(values, raw, start, nameEnd, end));
        return new Query(values, Set.of());
    }

    /// The same for a page that shows a form again: what cannot be decoded is left out, and its name told by
    /// [#isUnreadable].
    ///
    /// @throws RefusedException with 400 if there are more than [#MAX_PARAMETERS] parameters
    public static Query parseReadable(String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        Set<String> unreadable = new HashSet<>();
        forEachPair(
                raw,
                (start, nameEnd, end) -> {
                    try {
                        add(values, raw, start, nameEnd, end);
                    } catch (RefusedException _) {
                        // A name that cannot be decoded itself belongs to no field of any form.
                        unreadable.add(raw.substring(start, nameEnd));
                    }
                });
        return new Query(values, unreadable);
    }

    /// Takes one `name=value` by where it stands; without `=`, `nameEnd` is `end`.
    private interface PairTaker {
        void take(int start, int nameEnd, int end);
    }

    private static void forEachPair(String raw, PairTaker taker) {
        int count = 0;
        int start = 0;
        while (start <= raw.length()) {
            int end = raw.indexOf('&', start);
            if (end < 0) {
                end = raw.length();
            }
            if (end > start) {
                if (++count > MAX_PARAMETERS) {
                    throw bad("It may have at most %d parameters.".formatted(MAX_PARAMETERS));
                }
                int equals = raw.indexOf('=', start);
                taker.take(start, equals < 0 || equals > end ? end : equals, end);
            }
            start = end + 1;
        }
    }

    private static void add(
            Map<String, List<String>> values, String raw, int start, int nameEnd, int end) {
        String name = decode(raw, start, nameEnd);
        String value = nameEnd == end ? "" : decode(raw, nameEnd + 1, end);
        values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
    }

    /// The first value of a parameter.
    public Optional<String> first(String name) {
        List<String> all = values.get(name);
        return all == null ? Optional.empty() : Optional.of(all.getFirst());
    }

    /// Every value of a parameter, in order.
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /// The names, each once, in the order of their first appearance.
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /// Whether a value of this parameter was left out because it cannot be decoded. Only after [#parseReadable].
    public boolean isUnreadable(String name) {
        return unreadable.contains(name);
    }

    private static String decode(String raw, int start, int end) {
        boolean plain = true;
        for (int i = start; i < end && plain; i++) {
            char c = raw.charAt(i);
            plain = c != '%' && c != '+' && c != 0 && c < 0x80;
        }
        return plain ? raw.substring(start, end) : decodeEncoded(raw, start, end);
    }

    private static String decodeEncoded(String raw, int start, int end) {
        ByteBuffer bytes = ByteBuffer.allocate(end - start);
        for (int i = start; i < end; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int octet = PercentEncoding.octetAt(raw, i + 1, end);
                if (octet < 0) {
                    throw bad("A percent sign needs two hexadecimal digits behind it.");
                }
                bytes.put((byte) octet);
                i += 2;
            } else if (c == '+') {
                bytes.put((byte) ' ');
            } else if (c <= 0xff) {
                bytes.put((byte) c); // the gateway hands bytes over as ISO-8859-1
            } else {
                throw bad("Characters beyond ASCII must be percent-encoded.");
            }
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException malformed) {
            throw bad("The decoded bytes are not UTF-8.");
        }
        if (text.indexOf(0) >= 0) { // no text that a database or a program in C could take
            throw bad("It must not hold NUL.");
        }
        return text;
    }

    /// Names only: values may be secrets.
    @Override
    public String toString() {
        return "Query" + values.keySet();
    }

    private static RefusedException bad(String detail) {
        return Problem.of(400, "bad-query", "The query cannot be read. " + detail).refuse();
    }
}
