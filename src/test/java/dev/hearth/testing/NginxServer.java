package dev.hearth.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/// A real nginx in front of a socket, with the configuration of `deploy/nginx` or one of the test's own.
///
/// {@snippet lang=java :
/// try (NginxServer nginx = NginxServer.inFrontOf(hearth.socket(), folder)) {
///     http.send(nginx.uri("/hello"));
/// }
/// }
public final class NginxServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");
    private static final Path DEPLOY = Path.of("deploy/nginx").toAbsolutePath();

    private final ChildProcess process;
    private final Path folder;
    private final int port;

    private NginxServer(ChildProcess process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /// Starts nginx with `deploy/nginx/hearth.conf` as it is, its `upstream.conf` naming this unix socket.
    /// Skips the test where nginx is not installed.
    public static NginxServer inFrontOf(Path socket, Path folder) throws IOException {
        return inFrontOf("unix:" + socket.toAbsolutePath(), folder);
    }

    /// As above, in front of `unix:PATH` or `HOST:PORT`.
    public static NginxServer inFrontOf(String upstream, Path folder) throws IOException {
        int port = freePort();
        Path nginx = Files.createTempDirectory(folder, "nginx");
        Files.createDirectories(nginx.resolve("conf.d"));
        Files.createDirectories(nginx.resolve("hearth"));
        Files.copy(DEPLOY.resolve("hearth.conf"), nginx.resolve("conf.d/hearth.conf"));
        Files.copy(DEPLOY.resolve("hearth/params.conf"), nginx.resolve("hearth/params.conf"));
        Files.writeString(nginx.resolve("hearth/upstream.conf"), "server " + upstream + ";\n");
        Files.writeString(
                nginx.resolve("hearth/host.conf"),
                "listen 127.0.0.1:%d;\nserver_name _;\n".formatted(port));
        return start(nginx, port, "include conf.d/*.conf;");
    }

    /// Starts nginx with `deploy/nginx/hearth-auth.conf`: files below `/private/` for those whom this socket lets
    /// pass.
    public static NginxServer authorizing(Path socket, Path documents, Path folder)
            throws IOException {
        int port = freePort();
        Path nginx = Files.createTempDirectory(folder, "nginx");
        Files.createDirectories(nginx.resolve("hearth"));
        Files.copy(DEPLOY.resolve("hearth-auth.conf"), nginx.resolve("hearth-auth.conf"));
        Files.writeString(nginx.resolve("hearth/private.conf"), "root %s;\n".formatted(documents));
        return start(
                nginx,
                port,
                """
                upstream hearth { server unix:%s; keepalive 8; }
                server { listen 127.0.0.1:%d; include hearth-auth.conf; }
                """
                        .formatted(socket.toAbsolutePath(), port));
    }

    /// Starts nginx with the variables of `deploy/nginx`, but with directives of the test's own around them and no
    /// connections kept.
    public static NginxServer inFrontOf(Path socket, String directives, Path folder)
            throws IOException {
        return with(
                """
                server {
                    listen PORT;
                    include %s;
                    %s
                    location / { fastcgi_pass unix:%s; }
                }
                """
                        .formatted(
                                DEPLOY.resolve("hearth/params.conf"),
                                directives,
                                socket.toAbsolutePath()),
                folder);
    }

    /// Starts nginx with `deploy/nginx/hearth-cgi.conf` as it is, and this `cgi.conf`.
    public static NginxServer inFrontOfCgi(String cgi, Path folder) throws IOException {
        int port = freePort();
        Path nginx = Files.createTempDirectory(folder, "nginx");
        Files.createDirectories(nginx.resolve("conf.d"));
        Files.createDirectories(nginx.resolve("hearth"));
        Files.copy(DEPLOY.resolve("hearth-cgi.conf"), nginx.resolve("conf.d/hearth-cgi.conf"));
        Files.copy(DEPLOY.resolve("hearth/params.conf"), nginx.resolve("hearth/params.conf"));
        Files.writeString(nginx.resolve("hearth/cgi.conf"), cgi);
        Files.writeString(
                nginx.resolve("hearth/host.conf"),
                "listen 127.0.0.1:%d;\nserver_name _;\n".formatted(port));
        return start(nginx, port, "include conf.d/*.conf;");
    }

    /// Starts nginx with server blocks of the test's own, in which `PORT` stands for the port to listen on.
    public static NginxServer with(String serverBlocks, Path folder) throws IOException {
        int port = freePort();
        return start(
                Files.createTempDirectory(folder, "nginx"),
                port,
                serverBlocks.replace("PORT", "127.0.0.1:" + port));
    }

    private static NginxServer start(Path nginx, int port, String servers) throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "nginx is not installed");
        Files.writeString(
                nginx.resolve("nginx.conf"),
                """
                daemon off;
                %s
                worker_processes 1;
                pid nginx.pid;
                error_log stderr warn;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    %s
                }
                """
                        .formatted(user(), servers));
        ChildProcess process =
                ChildProcess.start(
                        "nginx",
                        nginx,
                        Map.of(),
                        List.of(
                                PROGRAM.toString(),
                                "-p",
                                nginx.toString(),
                                "-e",
                                "stderr",
                                "-c",
                                nginx.resolve("nginx.conf").toString()));
        NginxServer started = new NginxServer(process, nginx, port);
        Await.until(
                "nginx listens: " + process.output(),
                () -> {
                    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return true;
                    }
                });
        return started;
    }

    /// As root, the worker process keeps that user: it must reach sockets in folders of the test.
    private static String user() {
        return System.getProperty("user.name").equals("root") ? "user root;" : "";
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        }
    }

    /// An address on this server.
    public URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port + pathAndQuery);
    }

    public int port() {
        return port;
    }

    /// What nginx has complained of so far.
    public String errorLog() {
        return process.output();
    }

    /// The folder of its configuration.
    public Path folder() {
        return folder;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
