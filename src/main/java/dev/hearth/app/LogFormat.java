package dev.hearth.app;

import dev.hearth.web.RequestIds;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One event of the log as text: time, level, thread, logger, message, and below it the stack trace; or the same as an
/// object of JSON, for programs that gather logs.
///
/// Control characters in messages are escaped, those of an exception included: nothing that a client sends
/// can start a line of its own or speak to the terminal. Lines that belong to a request hold its id.
final class LogFormat {
    /// Longer chains of causes are cut: they could be circles.
    private static final int MAX_CAUSES = 20;

    /// Keys of Stripe and secrets of webhooks by how they begin, and what stands behind `Bearer` and `Basic`.
    private static final Pattern SECRET =
            Pattern.compile(
                    "((?:sk|rk)_(?:live|test)_|whsec_|hk_[0-9a-f]{12}_|\\b(?:Bearer|Basic) )[A-Za-z0-9+/=_.~-]{6,}");

    private LogFormat() {}

    /// One event, ended by a line's end: as one line of JSON, or as lines for people.
    static String event(
            boolean json,
            Instant time,
            String level,
            String thread,
            String logger,
            String message,
            @Nullable Throwable thrown) {
        return json
                ? json(time, level, thread, logger, message, thrown)
                : lines(time, level, thread, logger, message, thrown);
    }

    private static String lines(
            Instant time,
            String level,
            String thread,
            String logger,
            String message,
            @Nullable Throwable thrown) {
        StringBuilder lines = new StringBuilder(160);
        lines.append(time.truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(level)
                .append(level.length() < 5 ? "  [" : " [");
        appendEscaped(lines, thread);
        RequestIds.current().ifPresent(id -> lines.append(' ').append(id));
        lines.append("] ").append(logger).append(": ");
        appendEscaped(lines, message);
        lines.append('\n');
        if (thrown != null) {
            appendTrace(lines, thrown, new StackTraceElement[0], "", "    ", MAX_CAUSES);
        }
        return masked(lines.toString());
    }

    private static String json(
            Instant time,
            String level,
            String thread,
            String logger,
            String message,
            @Nullable Throwable thrown) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("time", time.truncatedTo(ChronoUnit.MILLIS));
        members.put("level", level);
        members.put("thread", thread);
        RequestIds.current().ifPresent(id -> members.put("request", id));
        members.put("logger", logger);
        members.put("message", message);
        if (thrown != null) {
            StringBuilder trace = new StringBuilder();
            appendTrace(trace, thrown, new StackTraceElement[0], "", "", MAX_CAUSES);
            members.put("error", trace.toString());
        }
        return masked(Json.object(members)) + "\n";
    }

    /// Nobody means to log a secret; should one slip into a message of a library, its end is not told.
    private static String masked(String text) {
        return SECRET.matcher(text).replaceAll("$1***");
    }

    private static void appendTrace(
            StringBuilder lines,
            Throwable thrown,
            StackTraceElement[] around,
            String heading,
            String indent,
            int causes) {
        lines.append(indent).append(heading).append(thrown.getClass().getName());
        if (thrown.getMessage() != null) {
            lines.append(": ");
            appendEscaped(lines, thrown.getMessage());
        }
        lines.append('\n');
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < frames.length - common(frames, around); i++) {
            lines.append(indent).append("    at ").append(frames[i]).append('\n');
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (causes > 0) {
                appendTrace(lines, suppressed, frames, "suppressed: ", indent + "    ", causes - 1);
            }
        }
        if (thrown.getCause() != null && causes > 0) {
            appendTrace(lines, thrown.getCause(), frames, "caused by: ", indent, causes - 1);
        }
    }

    /// How many frames at the end stand in the trace around already.
    private static int common(StackTraceElement[] frames, StackTraceElement[] around) {
        int count = 0;
        while (count < Math.min(frames.length, around.length)
                && frames[frames.length - 1 - count].equals(around[around.length - 1 - count])) {
            count++;
        }
        return count;
    }

    private static void appendEscaped(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append(c);
                default -> {
                    // C0, DEL and C1: the last can start an escape sequence in one character.
                    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
                        line.append("\\u%04x".formatted((int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }
}
