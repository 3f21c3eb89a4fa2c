package dev.hearth.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.temporal.ChronoUnit;

/// One event as text: time, level, thread, logger, message, and below it the stack trace.
///
/// Control characters in messages are escaped, those of an exception included: nothing that a client sends
/// can start a line of its own or speak to the terminal.
final class LogLine extends LayoutBase<ILoggingEvent> {

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(event.getLevel())
                .append(event.getLevel().levelStr.length() < 5 ? "  [" : " [");
        appendEscaped(line, event.getThreadName());
        line.append("] ").append(event.getLoggerName()).append(": ");
        appendEscaped(line, event.getFormattedMessage());
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            appendTrace(line, event.getThrowableProxy(), "", "    ");
        }
        return line.toString();
    }

    private static void appendTrace(
            StringBuilder line, IThrowableProxy thrown, String heading, String indent) {
        line.append(indent).append(heading).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            line.append(": ");
            appendEscaped(line, thrown.getMessage());
        }
        line.append('\n');
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        for (int i = 0; i < frames.length - thrown.getCommonFrames(); i++) {
            line.append(indent).append("    ").append(frames[i].getSTEAsString()).append('\n');
        }
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            appendTrace(line, suppressed, "suppressed: ", indent + "    ");
        }
        if (thrown.getCause() != null && !thrown.isCyclic()) {
            appendTrace(line, thrown.getCause(), "caused by: ", indent);
        }
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
