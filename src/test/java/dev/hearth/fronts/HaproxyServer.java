package dev.hearth.fronts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A real HAProxy with `deploy/haproxy/haproxy.cfg` as it is.
final class HaproxyServer {
    private static final Path DEPLOY = Path.of("deploy/haproxy/haproxy.cfg").toAbsolutePath();
    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");

    private HaproxyServer() {}

    /// @param backend a path or `host:port`
    static Front start(Path folder, String backend) throws IOException {
        FrontProcess.requirePackage("haproxy", PROGRAM);
        int port = FrontProcess.freePort();
        return FrontProcess.start(
                "haproxy",
                port,
                Files.createTempDirectory(folder, "haproxy"),
                Map.of("HEARTH_BIND", "127.0.0.1:" + port, "HEARTH_BACKEND", backend),
                List.of(PROGRAM.toString(), "-db", "-f", DEPLOY.toString()));
    }
}
