package dev.hearth.fronts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// Apache with `deploy/apache/hearth-cgi.conf` and `hearth.cgi`: cgi-fcgi hands each request on. It sends the whole
/// environment as variables, cut into records of 8,192 bytes at any place.
class CgiFcgiIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception { // I14, F20
        FrontProcess.requirePackage("libfcgi-bin", Path.of("/usr/bin/cgi-fcgi"));
        Backend backend = closing(Backend.onUnix(folder, new Site()));
        Files.copy(
                ApacheServer.DEPLOY.resolve("hearth.cgi"),
                folder.resolve("hearth.cgi"),
                StandardCopyOption.COPY_ATTRIBUTES);
        List<String> lines = new ArrayList<>();
        lines.add("Define HEARTH_CGI " + folder);
        lines.add("ScriptSock " + folder.resolve("cgisock"));
        lines.add("SetEnv HEARTH_SOCKET " + backend.socket());
        // As many variables as a large environment has: several records of pairs.
        for (int i = 0; i < 300; i++) {
            lines.add("SetEnv FILLER_%d \"%s\"".formatted(i, "f".repeat(i)));
        }
        return ApacheServer.start(
                folder,
                List.of("alias", "env", "rewrite", "cgid"),
                lines,
                ApacheServer.DEPLOY.resolve("hearth-cgi.conf"));
    }

    /// A CGI program can only end.
    @Override
    boolean showsCuts() {
        return false;
    }

    @Override
    int chunkedBytes() {
        return 0;
    }
}
