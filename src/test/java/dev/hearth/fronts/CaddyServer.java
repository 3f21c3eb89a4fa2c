package dev.hearth.fronts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A real Caddy with `deploy/caddy/Caddyfile` as it is.
final class CaddyServer {
    private static final Path DEPLOY = Path.of("deploy/caddy/Caddyfile").toAbsolutePath();
    private static final Path PROGRAM = Path.of("/usr/bin/caddy");

    private CaddyServer() {}

    /// @param backend `unix//path` or `host:port`
    static Front start(Path folder, String backend) throws IOException {
        FrontProcess.requirePackage("caddy", PROGRAM);
        int port = FrontProcess.freePort();
        Path caddy = Files.createTempDirectory(folder, "caddy");
        // Its administration endpoint is off: on its usual port it would meet another Caddy.
        Path main = caddy.resolve("Caddyfile");
        Files.writeString(main, "{\n\tadmin off\n}\nimport %s\n".formatted(DEPLOY));
        return FrontProcess.start(
                "caddy",
                port,
                caddy,
                Map.of(
                        "HEARTH_SITE", "http://127.0.0.1:" + port,
                        "HEARTH_BACKEND", backend,
                        "HOME", caddy.toString(),
                        "XDG_DATA_HOME", caddy.toString(),
                        "XDG_CONFIG_HOME", caddy.toString()),
                List.of(
                        PROGRAM.toString(),
                        "run",
                        "--config",
                        main.toString(),
                        "--adapter",
                        "caddyfile"));
    }
}
