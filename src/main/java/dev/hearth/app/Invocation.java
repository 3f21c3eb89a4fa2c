package dev.hearth.app;

import java.util.Map;

/// How this process was called to serve: what its settings are read from, at the start and again on SIGHUP.
record Invocation(Options options, Map<String, String> environment) {
    Invocation {
        environment = Map.copyOf(environment);
    }

    /// The settings as they are now.
    Settings settings() throws StartException {
        return Settings.load(options, environment);
    }
}
