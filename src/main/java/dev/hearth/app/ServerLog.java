package dev.hearth.app;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// Logback as [Log] sets it up, where Hearth's launcher named the class path: nobody else's set-up can be on it, so
/// no jar is searched for one. The search opens each of sixty jars, a fifth of the way to the first answer.
///
/// Made by slf4j, by the name that [#choose] has given it.
public final class ServerLog implements SLF4JServiceProvider {
    private static final String CHOSEN = "slf4j.provider";

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter values = new LogbackMDCAdapter();
    private final LoggerContext context = new LoggerContext();

    /// Has slf4j log here, if the launcher started this process, nothing was logged in it before and nobody has
    /// chosen otherwise.
    static void choose() {
        if (System.getProperty("hearth.command") != null
                && System.getProperty("logback.configurationFile") == null) {
            choose(ServerLog.class);
        }
    }

    /// Has slf4j take this provider, unless the operator has named one.
    static void choose(Class<? extends SLF4JServiceProvider> provider) {
        if (System.getProperty(CHOSEN) == null) {
            System.setProperty(CHOSEN, provider.getName());
            System.setProperty("slf4j.internal.verbosity", "WARN"); // it would announce the choice
        }
    }

    @Override
    public void initialize() {
        context.setName("default");
        context.setMDCAdapter(values);
        Log.setUp(context);
        context.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return values;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99"; // any 2.0
    }
}
