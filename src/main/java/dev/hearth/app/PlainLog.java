package dev.hearth.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// The log of a process that lives for one request: the lines that Logback would write, without the time that it
/// takes to set up, and without a look into every jar for its provider.
///
/// Made by slf4j, by the name that [#choose] has given it.
public final class PlainLog implements SLF4JServiceProvider, ILoggerFactory {
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();
    private Level level = Level.INFO; // guarded by this
    private boolean json; // guarded by this
    private OutputStream sink = new FileOutputStream(FileDescriptor.err); // guarded by this

    /// Has slf4j log here, if nothing was logged in this process before and nobody has chosen otherwise.
    static void choose() {
        ServerLog.choose(PlainLog.class);
    }

    /// Follows the settings from here on, whichever log this process has.
    ///
    /// @throws StartException if the file cannot be written
    static void follow(Settings.Log settings) throws StartException {
        if (LoggerFactory.getILoggerFactory() instanceof PlainLog plain) {
            plain.use(settings);
        } else {
            Log.follow(settings);
        }
    }

    private synchronized void use(Settings.Log settings) throws StartException {
        level = Level.valueOf(settings.level().toUpperCase(Locale.ROOT));
        json = settings.format().equals("json");
        if (settings.file().isPresent()) {
            Path file = settings.file().get();
            try {
                sink = new FileOutputStream(file.toFile(), true);
            } catch (IOException refused) {
                throw new StartException(
                        ExitCode.CANNOT_CREATE,
                        "cannot write the log file %s (log.file)".formatted(file),
                        refused);
            }
        }
    }

    private synchronized boolean takes(Level asked) {
        return asked.toInt() >= level.toInt();
    }

    private synchronized boolean writesJson() {
        return json;
    }

    private synchronized void write(String lines) {
        try {
            sink.write(lines.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // A web server may start programs with standard error closed: then there is nobody to
            // tell.
            level = Level.ERROR;
        }
    }

    @Override
    public void initialize() {}

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public org.slf4j.Logger getLogger(String name) {
        return new Logger(name);
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99"; // any 2.0
    }

    /// A logger of one name.
    private final class Logger extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;

        Logger(String name) {
            this.name = name;
        }

        @Override
        public boolean isTraceEnabled() {
            return takes(Level.TRACE);
        }

        @Override
        public boolean isDebugEnabled() {
            return takes(Level.DEBUG);
        }

        @Override
        public boolean isInfoEnabled() {
            return takes(Level.INFO);
        }

        @Override
        public boolean isWarnEnabled() {
            return takes(Level.WARN);
        }

        @Override
        public boolean isErrorEnabled() {
            return takes(Level.ERROR);
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level of,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            write(
                    LogFormat.event(
                            writesJson(),
                            Instant.now(),
                            of.toString(),
                            Thread.currentThread().getName(),
                            name,
                            String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments)),
                            thrown));
        }
    }
}
