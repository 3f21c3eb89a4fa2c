package dev.hearth.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.LayoutBase;

/// Logback's events as [LogFormat] writes them.
final class LogLine extends LayoutBase<ILoggingEvent> {

    @Override
    public String doLayout(ILoggingEvent event) {
        return LogFormat.lines(
                event.getInstant(),
                event.getLevel().levelStr,
                event.getThreadName(),
                event.getLoggerName(),
                event.getFormattedMessage(),
                event.getThrowableProxy() instanceof ThrowableProxy proxy
                        ? proxy.getThrowable()
                        : null);
    }
}
