package dev.hearth.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The web server in front: one nginx, one listening socket for each peer behind it.
public final class Nginx {

    private Nginx() {}

    /// One peer behind nginx: asked on `front`, passed to `back`.
    ///
    /// @param pass `fastcgi` or `proxy`
    /// @param kept how many idle connections to the peer each nginx worker keeps; 0 for one connection a request
    public record Site(String name, String pass, Path front, Path back, int kept, String scripts) {}

    /// The command that runs nginx with these sites in the foreground, and a bare `return 200` on its own socket.
    public static Peer.Command command(Shop shop, List<Site> sites, Path ceiling)
            throws IOException {
        Path folder = shop.made("nginx/x").getParent();
        String settings =
                """
                daemon off;
                %sworker_processes auto;
                pid %s/pid;
                error_log %s/error.log warn;
                events { worker_connections 16384; }
                http {
                    access_log off;
                    keepalive_requests 1000000000;
                    client_max_body_size 256m;
                    client_body_temp_path %s/body;
                    fastcgi_temp_path %s/fastcgi;
                    proxy_temp_path %s/proxy;
                    uwsgi_temp_path %s/uwsgi;
                    scgi_temp_path %s/scgi;
                    server {
                        listen unix:%s;
                        default_type text/plain;
                        return 200 "Hello, world!\\n";
                    }
                %s}
                """
                        .formatted(
                                shop.isRoot() ? "user root;\n" : "",
                                folder,
                                folder,
                                folder,
                                folder,
                                folder,
                                folder,
                                folder,
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
        String kept =
                site.kept == 0
                        ? ""
                        : "keepalive %d; keepalive_requests 1000000000;".formatted(site.kept);
        return """
            upstream %s { server unix:%s; %s }
            server {
                listen unix:%s;
                location / {
                    %s
                }
            }
        """
                .formatted(site.name, site.back, kept, site.front, pass(site));
    }

    private static String pass(Site site) {
        if (site.pass.equals("proxy")) {
            return "proxy_pass http://%s; proxy_http_version 1.1; proxy_set_header Connection \"\";"
                    .formatted(site.name);
        }
        return """
        include /etc/nginx/fastcgi_params;
                     fastcgi_param SCRIPT_FILENAME %s$uri.php;
                     fastcgi_keep_conn %s;
                     fastcgi_pass %s;\
        """
                .formatted(site.scripts, site.kept == 0 ? "off" : "on", site.name);
    }
}
