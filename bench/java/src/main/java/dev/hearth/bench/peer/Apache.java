package dev.hearth.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// Apache in front: one server, a port for each site, with the event MPM.
public final class Apache {

    private static final String USER = "www-data";
    private static final Path MODULES = Path.of("/usr/lib/apache2/modules");

    private Apache() {}

    /// A site on a port of its own.
    ///
    /// @param directives what passes a request on, as lines of configuration
    public record Site(Address front, String directives) {}

    /// Passes everything to a peer that listens on a unix socket, by mod_proxy_fcgi.
    public static Site proxied(Address front, Peer peer, Address back) {
        // PHP is asked for files; a pool of few processes gets a connection for each request.
        String pass =
                peer.keeps()
                        ? "ProxyPass \"/\" \"unix:%s|fcgi://%s/\" enablereuse=on ttl=120 retry=0"
                                .formatted(back.bare(), peer.name())
                        : "ProxyPassMatch \"^/([a-z]+)$\" \"unix:%s|fcgi://%s%s\" retry=0"
                                .formatted(back.bare(), peer.name(), peer.script("$1"));
        return new Site(front, pass);
    }

    /// Lets mod_fcgid start the command on its file descriptor 0, as one process.
    ///
    /// @param owned files and folders that it reads and writes
    public static Site spawned(Shop shop, Address front, Peer.Command command, List<Path> owned)
            throws IOException, InterruptedException {
        for (Path path : owned) {
            if (!Files.exists(path)) {
                shop.run(path.toString().endsWith(".log") ? "touch" : "mkdir", path.toString());
            }
            if (shop.isRoot()) {
                shop.run("chown", USER, path.toString());
            }
        }
        Path folder = shop.made("apache/fcgid/x").getParent();
        Files.createDirectories(folder);
        Path script = folder.resolve("hearth.fcgi");
        Files.writeString(script, "#!/bin/sh\nexec " + quoted(command.words()) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Site(
                front,
                """
                ScriptAlias "/" "%s/"
                    <Directory "%s">
                        SetHandler fcgid-script
                        Options +ExecCGI
                        Require all granted
                    </Directory>
                    FcgidMaxProcessesPerClass 1
                    FcgidMinProcessesPerClass 1
                    FcgidIdleTimeout 0
                    FcgidProcessLifeTime 0
                    FcgidMaxRequestsPerProcess 0
                    FcgidConnectTimeout 30
                    FcgidOutputBufferSize 0\
                """
                        .formatted(script, folder));
    }

    private static String quoted(List<String> words) {
        return String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
    }

    /// The command that runs Apache with these sites in the foreground.
    public static Peer.Command command(Shop shop, List<Site> sites)
            throws IOException, InterruptedException {
        Path folder = shop.made("apache/x").getParent();
        Files.createDirectories(folder.resolve("site"));
        Files.deleteIfExists(folder.resolve("pid"));
        List<String> lines = new ArrayList<>();
        lines.add("ServerRoot " + folder);
        lines.add("PidFile pid");
        lines.add("ServerName localhost");
        lines.add("ErrorLog \"|/bin/cat\"");
        lines.add("LogLevel warn");
        lines.add("Mutex file:" + folder + " default");
        lines.add("DocumentRoot " + folder.resolve("site"));
        for (String module :
                List.of(
                        "mpm_event",
                        "authz_core",
                        "alias",
                        "env",
                        "proxy",
                        "proxy_fcgi",
                        "fcgid")) {
            lines.add("LoadModule %s_module %s/mod_%s.so".formatted(module, MODULES, module));
        }
        lines.add("KeepAlive On");
        lines.add("MaxKeepAliveRequests 0");
        lines.add("KeepAliveTimeout 60");
        // As many threads from the start as are ever needed: a child that ends for want of work
        // closes kept connections.
        lines.add("StartServers 2");
        lines.add("ThreadsPerChild 64");
        lines.add("MinSpareThreads 64");
        lines.add("MaxSpareThreads 128");
        lines.add("MaxRequestWorkers 128");
        lines.add("FcgidIPCDir " + folder);
        lines.add("FcgidProcessTableFile " + folder.resolve("fcgid_shm"));
        for (Site site : sites) {
            lines.add("Listen " + site.front);
            lines.add("<VirtualHost " + site.front + ">");
            lines.add("    " + site.directives);
            lines.add("</VirtualHost>");
        }
        Path file = shop.write("apache/apache.conf", String.join("\n", lines) + "\n");
        List<String> words = new ArrayList<>();
        if (shop.isRoot()) {
            // Apache refuses to serve as root.
            shop.run("chown", "-R", USER, folder.toString());
            words.addAll(
                    List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        words.addAll(List.of("/usr/sbin/apache2", "-DFOREGROUND", "-f", file.toString()));
        return Peer.Command.of(words);
    }
}
