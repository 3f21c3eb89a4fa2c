package dev.hearth.fronts;

import dev.hearth.gateway.CgiGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// [Site] as a CGI program: one process for each request.
final class CgiWorker {
    private CgiWorker() {}

    public static void main(String[] args) throws IOException {
        System.exit(CgiGateway.serve(Site.routes().build()));
    }

    /// The program, as `hearth.cgi` in this folder.
    static Path script(Path folder) throws IOException {
        Path script = Files.createDirectories(folder).resolve("hearth.cgi");
        Files.writeString(
                script,
                """
                #!/bin/sh
                exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -cp '%s' %s
                """
                        .formatted(
                                ProcessHandle.current().info().command().orElse("java"),
                                System.getProperty("java.class.path"),
                                CgiWorker.class.getName()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }
}
