package dev.hearth.fronts;

import dev.hearth.testing.NginxServer;
import java.nio.file.Path;

/// nginx with `deploy/nginx`, on a unix socket, connections kept.
class NginxIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception {
        Backend backend = closing(Backend.onUnix(folder, new Site()));
        return Front.of(NginxServer.inFrontOf(backend.socket(), folder));
    }
}
