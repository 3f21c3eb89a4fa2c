package dev.hearth.fastcgi;

import org.jspecify.annotations.Nullable;

/// Where the engine tells what becomes of its connections: the logger [#NAME] that the JDK finds
/// ([System#getLogger(String)]), unless the process has named one before. To find it the JDK looks into every jar of
/// the class path.
public final class EngineLog {
    /// Of the logger, whoever makes it.
    public static final String NAME = FastCgiServer.class.getName();

    private static volatile System.@Nullable Logger named;

    private EngineLog() {}

    /// Has every engine of this process log here. To be called before the first one is started, and by one thread;
    /// later it has no effect.
    public static void use(System.Logger logger) {
        named = logger;
    }

    static System.Logger get() {
        return Found.LOG;
    }

    private static final class Found {
        static final System.Logger LOG = find();

        private static System.Logger find() {
            System.Logger first = named;
            return first != null ? first : System.getLogger(NAME);
        }
    }
}
