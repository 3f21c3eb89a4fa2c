package dev.hearth.fronts;

import java.nio.file.Path;
import java.util.Map;

/// lighttpd with `deploy/lighttpd/hearth.conf`, on a unix socket.
class LighttpdIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception {
        Backend backend = closing(Backend.onUnix(folder, new Site()));
        return LighttpdServer.start(
                folder,
                "hearth.conf",
                Map.of("socket.conf", "var.hearth_socket = \"%s\"\n".formatted(backend.socket())));
    }
}
