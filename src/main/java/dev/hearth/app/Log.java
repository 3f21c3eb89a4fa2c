package dev.hearth.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.hearth.operator.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/// Sets up the log in Java: reading the same from XML costs a tenth of a second at each start.
///
/// Logback finds this class by itself (`META-INF/services`), before the first line is logged. An
/// application that brings a `logback.xml` keeps its own set-up.
public final class Log extends ContextAwareBase implements Configurator {
    private static final String SINK = "hearth";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null
                || Log.class.getResource("/logback.xml") != null
                || Log.class.getResource("/logback-test.xml") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        setUp(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// To standard error, at the usual levels.
    static void setUp(LoggerContext context) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        // Says at length what the pool's owner knows.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.WARN);
        context.getLogger("org.flywaydb").setLevel(Level.WARN);
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        // A line for each invalid request, as often as a client sends one; the answer says it.
        context.getLogger("org.eclipse.jetty.http").setLevel(Level.ERROR);
        context.getLogger("org.eclipse.jetty.util.HostPort").setLevel(Level.ERROR);
        // Where more is asked for, the JDK would print the headers of our calls, keys included.
        context.getLogger("sun.net.www").setLevel(Level.INFO);
        attach(console(), context);
    }

    private static ConsoleAppender<ILoggingEvent> console() {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        return console;
    }

    /// Follows the settings from here on; a file that was written already is opened anew. The lines before went to standard error.
    ///
    /// @throws StartException if the file cannot be written
    static void follow(Settings.Log settings) throws StartException {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        if (root.getAppender(SINK) == null) {
            return; // the application's own set-up
        }
        if (settings.file().isPresent()) {
            Path file = settings.file().get();
            requireWritable(file);
            writeTo(file, root, context);
        } else if (root.getAppender(SINK) instanceof FileAppender<ILoggingEvent> file) {
            root.detachAppender(SINK);
            attach(console(), context);
            file.stop();
        }
        root.setLevel(Level.toLevel(settings.level()));
        if (root.getAppender(SINK) instanceof OutputStreamAppender<ILoggingEvent> sink
                && sink.getEncoder() instanceof LayoutWrappingEncoder<ILoggingEvent> encoder
                && encoder.getLayout() instanceof LogLine line) {
            line.writeJson(settings.format().equals("json"));
        }
    }

    private static void writeTo(Path file, Logger root, LoggerContext context)
            throws StartException {
        if (root.getAppender(SINK) instanceof FileAppender<ILoggingEvent> appender) {
            try {
                appender.openFile(file.toString()); // the one before is closed; no line is lost
            } catch (IOException refused) {
                throw unwritable(file);
            }
            return;
        }
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(file.toString());
        root.detachAppender(SINK);
        attach(appender, context);
    }

    private static void requireWritable(Path file) throws StartException {
        Path folder = file.toAbsolutePath().getParent();
        boolean writable =
                Files.exists(file)
                        ? Files.isWritable(file) && !Files.isDirectory(file)
                        : folder != null && Files.isWritable(folder);
        if (!writable) {
            throw unwritable(file);
        }
    }

    private static StartException unwritable(Path file) {
        return new StartException(
                ExitCode.CANNOT_CREATE, "cannot write the log file %s (log.file)".formatted(file));
    }

    private static void attach(
            OutputStreamAppender<ILoggingEvent> appender, LoggerContext context) {
        LogLine line = new LogLine();
        line.setContext(context);
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(line);
        encoder.start();
        appender.setName(SINK);
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        Appender<ILoggingEvent> started = appender;
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(started);
    }

    /// The level of everything that has none of its own, to be changed while the program runs.
    static final class Current implements Subject.LogLevel {
        @Override
        public String get() {
            return LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root
                    ? root.getEffectiveLevel().toString().toLowerCase(Locale.ROOT)
                    : "info";
        }

        @Override
        public void set(String level) {
            if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
                root.setLevel(Level.toLevel(level));
            }
        }
    }
}
