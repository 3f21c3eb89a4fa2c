package dev.hearth.fronts;

import dev.hearth.testing.Await;
import dev.hearth.testing.ChildProcess;
import dev.hearth.testing.NginxServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Web servers that call a program for each request, each with the file of `deploy` as it is.
enum CgiFront {
    /// mod_cgid, with nothing but a folder and `deploy/cgi/htaccess` in it.
    APACHE {
        @Override
        Front start(Path folder, Path program) throws IOException {
            Path site = program.getParent();
            Files.copy(Path.of("deploy/cgi/htaccess"), site.resolve(".htaccess"));
            return ApacheServer.start(
                    folder,
                    List.of("alias", "env", "dir", "rewrite", "cgid"),
                    List.of(
                            "ScriptSock " + folder.resolve("cgid.sock"),
                            "DocumentRoot " + site,
                            "<Directory %s>".formatted(site),
                            "AllowOverride All",
                            "</Directory>"));
        }
    },

    LIGHTTPD {
        @Override
        Front start(Path folder, Path program) throws IOException {
            return LighttpdServer.start(
                    folder,
                    "hearth-cgi.conf",
                    Map.of("cgi.conf", "var.hearth_cgi = \"%s\"\n".formatted(program)));
        }
    },

    /// nginx and fcgiwrap.
    FCGIWRAP {
        @Override
        Front start(Path folder, Path program) throws IOException {
            FrontProcess.requirePackage("fcgiwrap", Path.of("/usr/sbin/fcgiwrap"));
            Path socket = folder.resolve("fcgiwrap.sock");
            ChildProcess wrapper =
                    ChildProcess.start(
                            "fcgiwrap",
                            folder,
                            Map.of(),
                            List.of(
                                    "/usr/sbin/fcgiwrap",
                                    "-f",
                                    "-c",
                                    "16",
                                    "-s",
                                    "unix:" + socket));
            Await.until("fcgiwrap listens", () -> Files.exists(socket));
            Front nginx =
                    Front.of(
                            NginxServer.inFrontOfCgi(
                                    "fastcgi_param SCRIPT_FILENAME %s;\nfastcgi_pass unix:%s;\n"
                                            .formatted(program, socket),
                                    folder));
            return new Front() {
                @Override
                public int port() {
                    return nginx.port();
                }

                @Override
                public String log() {
                    return nginx.log() + wrapper.output();
                }

                @Override
                public void close() {
                    nginx.close();
                    // It leaves those that it has forked behind.
                    List<ProcessHandle> forked =
                            ProcessHandle.of(wrapper.pid()).stream()
                                    .flatMap(ProcessHandle::children)
                                    .toList();
                    wrapper.close();
                    forked.forEach(ProcessHandle::destroy);
                }
            };
        }
    };

    /// Starts the server; every path leads to the program, a file `hearth.cgi`.
    abstract Front start(Path folder, Path program) throws IOException;
}
