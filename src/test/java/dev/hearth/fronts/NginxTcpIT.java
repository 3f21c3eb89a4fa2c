package dev.hearth.fronts;

import dev.hearth.testing.NginxServer;
import java.nio.file.Path;

/// nginx with `deploy/nginx`, over TCP, connections kept.
class NginxTcpIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception { // F3
        Backend backend = closing(Backend.onTcp(new Site()));
        return Front.of(NginxServer.inFrontOf("127.0.0.1:" + backend.tcpPort(), folder));
    }
}
