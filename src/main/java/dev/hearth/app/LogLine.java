package dev.hearth.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.LayoutBase;

/// Logback's events as [LogFormat] writes them.
final class LogLine extends LayoutBase<ILoggingEvent> {

    private volatile boolean json;

    void writeJson(boolean yes) {
        json = yes;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        Throwable thrown =
                event.getThrowableProxy() instanceof ThrowableProxy proxy
                        ? proxy.getThrowable()
                        : null;
        return LogFormat.event(
                json,
                event.getInstant(),
                event.getLevel().levelStr,
                event.getThreadName(),
                event.getLoggerName(),
                event.getFormattedMessage(),
                thrown);
    }
}
