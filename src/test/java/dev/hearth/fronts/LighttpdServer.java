package dev.hearth.fronts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A real lighttpd, loading a file of `deploy/lighttpd` as it is, with what it includes written by the test.
final class LighttpdServer {
    private static final Path DEPLOY = Path.of("deploy/lighttpd").toAbsolutePath();
    private static final Path PROGRAM = Path.of("/usr/sbin/lighttpd");

    private LighttpdServer() {}

    /// @param file in `deploy/lighttpd`
    /// @param includes by their names in `hearth/`
    static Front start(Path folder, String file, Map<String, String> includes) throws IOException {
        FrontProcess.requirePackage("lighttpd", PROGRAM);
        int port = FrontProcess.freePort();
        Path lighttpd = Files.createTempDirectory(folder, "lighttpd");
        Path site = Files.createDirectories(lighttpd.resolve("site"));
        Files.createDirectories(lighttpd.resolve("hearth"));
        Files.copy(DEPLOY.resolve(file), lighttpd.resolve(file));
        for (Map.Entry<String, String> include : includes.entrySet()) {
            Files.writeString(
                    lighttpd.resolve("hearth").resolve(include.getKey()), include.getValue());
        }
        Path main = lighttpd.resolve("lighttpd.conf");
        Files.writeString(
                main,
                """
                server.document-root = "%s"
                server.upload-dirs = ( "%s" )
                server.port = %d
                server.bind = "127.0.0.1"
                include "%s"
                """
                        .formatted(site, lighttpd, port, file));
        return FrontProcess.start(
                "lighttpd",
                port,
                lighttpd,
                Map.of(),
                List.of(PROGRAM.toString(), "-D", "-f", main.toString()));
    }
}
