package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Key;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Where a request stands in a trace that runs through several programs (W3C Trace Context, level 1).
///
/// `parentId` is the caller's span, empty where the trace begins here. Send [#traceparent] with calls to others.
public record TraceContext(
        String traceId, String spanId, Optional<String> parentId, String flags, String state) {
    private static final Key<TraceContext> KEY = Key.of("trace context");

    /// The layer that reads `traceparent` and `tracestate`, or begins a trace where they are absent or malformed.
    public static Middleware layer() {
        return TraceContext::wrap;
    }

    private static Handler wrap(Handler next) {
        return request -> {
            if (request.get(KEY).isEmpty()) {
                request.put(KEY, read(request));
            }
            return next.handle(request);
        };
    }

    /// Gives a request its place, for those who trace by other means than [#layer], which leaves it alone.
    public static void place(Request request, TraceContext context) {
        request.put(KEY, context);
    }

    /// The request's place, if it came through the layer.
    public static Optional<TraceContext> of(Request request) {
        return request.get(KEY);
    }

    /// The header for calls to others.
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    private static TraceContext read(Request request) {
        String sent = request.header("traceparent").orElse("");
        if (!isValid(sent)) {
            String traceId = randomHex() + randomHex();
            return new TraceContext(traceId, randomHex(), Optional.empty(), "00", "");
        }
        return new TraceContext(
                sent.substring(3, 35),
                randomHex(),
                Optional.of(sent.substring(36, 52)),
                sent.substring(53, 55),
                String.join(",", request.headers().all("tracestate")));
    }

    /// `version-traceid-parentid-flags`, lower-case hexadecimal; a later version may have more behind it.
    private static boolean isValid(String text) {
        boolean shape =
                text.length() >= 55
                        && text.charAt(2) == '-'
                        && text.charAt(35) == '-'
                        && text.charAt(52) == '-'
                        && isHex(text, 0, 2)
                        && isHex(text, 3, 35)
                        && isHex(text, 36, 52)
                        && isHex(text, 53, 55);
        if (!shape || text.startsWith("ff")) {
            return false;
        }
        boolean whole = text.length() == 55 || (!text.startsWith("00") && text.charAt(55) == '-');
        return whole && !isZero(text, 3, 35) && !isZero(text, 36, 52);
    }

    private static boolean isHex(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }

    private static String randomHex() {
        long random = ThreadLocalRandom.current().nextLong();
        return HexFormat.of().toHexDigits(random == 0 ? 1 : random); // all zeros is no id
    }
}
