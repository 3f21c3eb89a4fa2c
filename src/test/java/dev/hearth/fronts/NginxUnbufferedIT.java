package dev.hearth.fronts;

import dev.hearth.testing.NginxServer;
import java.nio.file.Path;

/// nginx that gathers nothing, neither bodies nor answers: what it gets it passes on, and a chunked body has no
/// length.
class NginxUnbufferedIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception { // C2, I6
        Backend backend = closing(Backend.onUnix(folder, new Site()));
        return Front.of(
                NginxServer.inFrontOf(
                        backend.socket(),
                        """
                        fastcgi_request_buffering off;
                        fastcgi_buffering off;
                        fastcgi_buffer_size 16k;
                        fastcgi_buffers 16 16k;
                        client_max_body_size 20m;
                        """,
                        folder));
    }
}
