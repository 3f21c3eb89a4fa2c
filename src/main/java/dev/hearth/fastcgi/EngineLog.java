package dev.hearth.fastcgi;

/// The log of the engine, found when there is the first line to write: the JDK looks into every jar for it, and
/// a server that starts has better things to do.
final class EngineLog {
    private static final System.Logger LOG = System.getLogger(FastCgiServer.class.getName());

    private EngineLog() {}

    static System.Logger get() {
        return LOG;
    }
}
