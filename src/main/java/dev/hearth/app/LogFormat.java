package dev.hearth.app;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// One event of the log as text: time, level, thread, logger, message, and below it the stack trace.
///
/// Control characters in messages are escaped, those of an exception included: nothing that a client sends
/// can start a line of its own or speak to the terminal.
final class LogFormat {
    /// Longer chains of causes are cut: they could be circles.
    private static final int MAX_CAUSES = 20;

    private LogFormat() {}

    /// The lines of one event, the last one ended too.
    static String lines(
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
        lines.append("] ").append(logger).append(": ");
        appendEscaped(lines, message);
        lines.append('\n');
        if (thrown != null) {
            appendTrace(lines, thrown, new StackTraceElement[0], "", "    ", MAX_CAUSES);
        }
        return lines.toString();
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
