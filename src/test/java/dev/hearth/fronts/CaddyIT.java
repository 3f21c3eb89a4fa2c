package dev.hearth.fronts;

import java.nio.file.Path;

/// Caddy with `deploy/caddy/Caddyfile`, on a unix socket.
class CaddyIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception {
        Backend backend = closing(Backend.onUnix(folder, new Site()));
        return CaddyServer.start(folder, "unix/" + backend.socket());
    }

    /// Caddy 2.6 takes every end of a connection for the end of the response: only a length tells its
    /// clients that something is missing.
    @Override
    boolean showsCuts() {
        return false;
    }

    /// Caddy 2.6 says CONTENT_LENGTH=-1 for a chunked body, which is no length.
    @Override
    int chunkedBytes() {
        return 0;
    }

    /// Caddy 2.6 drops it.
    @Override
    boolean logsStderr() {
        return false;
    }
}
