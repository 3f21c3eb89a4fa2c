package dev.hearth.fronts;

import dev.hearth.testing.NginxServer;
import java.nio.file.Path;

/// nginx as most have configured it: a connection for each request, closed before END_REQUEST is read.
class NginxWithoutKeepaliveIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception { // F26, I3
        Backend backend = closing(Backend.onUnix(folder, new Site()));
        return Front.of(
                NginxServer.inFrontOf(
                        backend.socket(),
                        "fastcgi_buffer_size 16k; fastcgi_buffers 16 16k; client_max_body_size 20m;",
                        folder));
    }
}
