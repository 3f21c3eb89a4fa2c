package dev.hearth.bench.peer;

import dev.hearth.bench.load.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The web server in front: one nginx, one listening socket for each peer behind it.
public final class Nginx {

    /// How many idle connections to a peer each worker of nginx keeps.
    private static final int KEPT = 32;

    private Nginx() {}

    /// One peer behind nginx, or several processes of it.
    ///
    /// @param front the socket on which nginx answers for it
    public record Site(Peer peer, Path front, List<Address> backs) {

        /// As a client reaches it.
        public Target target() {
            return Address.unix(front).target(Target.Protocol.HTTP, true);
        }
    }

    /// The command that runs nginx with these sites in the foreground, and a bare `return 200` on its own socket.
    public static Peer.Command command(Shop shop, List<Site> sites, Path ceiling)
            throws IOException {
        Path folder = shop.made("nginx/x").getParent();
        String temporary =
                List.of("client_body", "fastcgi", "proxy", "uwsgi", "scgi").stream()
                        .map(kind -> "    %s_temp_path %s/%s;\n".formatted(kind, folder, kind))
                        .collect(Collectors.joining());
        String settings =
                """
                daemon off;
                %sworker_processes auto;
                worker_rlimit_nofile 65536;
                pid %s/pid;
                error_log %s/error.log warn;
                events { worker_connections 16384; }
                http {
                    access_log off;
                    keepalive_requests 1000000000;
                    client_max_body_size 256m;
                %s    server {
                        listen unix:%s backlog=4096;
                        default_type text/plain;
                        return 200 "Hello, world!\\n";
                    }
                %s}
                """
                        .formatted(
                                shop.isRoot() ? "user root;\n" : "",
                                folder,
                                folder,
                                temporary,
                                ceiling,
                                sites.stream().map(Nginx::site).collect(Collectors.joining()));
        Path file = shop.write("nginx/nginx.conf", settings);
        return Peer.Command.of(
                "nginx",
                "-c",
                file.toString(),
                "-e",
                folder.resolve("error.log").toString(),
                "-p",
                folder.toString());
    }

    private static String site(Site site) {
        String servers =
                site.backs.stream()
                        .map(back -> "server %s max_fails=0; ".formatted(back))
                        .collect(Collectors.joining());
        String kept =
                site.peer.keeps()
                        ? "keepalive %d; keepalive_requests 1000000000; ".formatted(KEPT)
                        : "";
        return """
            upstream %s { %s%s}
            server {
                listen unix:%s backlog=4096;
                location / {
                    %s
                }
            }
        """
                .formatted(site.peer.name(), servers, kept, site.front, pass(site.peer));
    }

    private static String pass(Peer peer) {
        return switch (peer.protocol()) {
            case HTTP ->
                    "proxy_pass http://%s; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host $host;"
                            .formatted(peer.name());
            case FASTCGI ->
                    """
                    include /etc/nginx/fastcgi_params;
                                fastcgi_param SCRIPT_FILENAME %s;
                                fastcgi_keep_conn %s;
                                fastcgi_pass %s;\
                    """
                            .formatted(peer.scripts(), peer.keeps() ? "on" : "off", peer.name());
        };
    }
}
