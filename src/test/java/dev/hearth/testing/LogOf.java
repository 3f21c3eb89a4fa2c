package dev.hearth.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/// What a class logs, from here to [#close].
public final class LogOf implements AutoCloseable {
    private final Logger logger;
    private final ListAppender<ILoggingEvent> kept = new ListAppender<>();

    private LogOf(Logger logger) {
        this.logger = logger;
    }

    /// Listens to a class.
    public static LogOf of(Class<?> type) {
        return all(type.getName());
    }

    /// Listens to all classes of a package and those below.
    public static LogOf all(String packageName) {
        LogOf log = new LogOf((Logger) LoggerFactory.getLogger(packageName));
        log.kept.start();
        log.logger.addAppender(log.kept);
        return log;
    }

    /// Each line so far, such as `ERROR it broke`.
    public List<String> lines() {
        return List.copyOf(kept.list).stream()
                .map(each -> each.getLevel() + " " + each.getFormattedMessage())
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(kept);
    }
}
