package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// All peers. To add one: write its recipe here and put it into a list below.
public final class Peers {

    /// What `bin/hearth` gives a server; Jetty gets the same.
    static final List<String> JVM_FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx256m");

    private static final String NO_SCRIPTS = "/var/www/html";

    private Peers() {}

    /// Everything that answers `GET /hello` over FastCGI on a unix socket, the subject first.
    public static List<Peer> hello(Shop shop) {
        return List.of(
                new Peer("hearth", NO_SCRIPTS, true, Peers::hearth),
                new Peer(
                        "hearth-router",
                        NO_SCRIPTS,
                        true,
                        (s, socket) -> part(s, socket, "router")),
                new Peer(
                        "hearth-engine",
                        NO_SCRIPTS,
                        true,
                        (s, socket) -> part(s, socket, "engine")),
                new Peer("libfcgi", NO_SCRIPTS, false, Peers::libfcgi),
                phpFpm(shop),
                new Peer("jetty", NO_SCRIPTS, true, Peers::jetty),
                new Peer("go", NO_SCRIPTS, true, Peers::go));
    }

    /// Those that also take and give large bodies.
    public static List<Peer> bodies(Shop shop) {
        return List.of(new Peer("hearth", NO_SCRIPTS, true, Peers::hearth), phpFpm(shop));
    }

    private static Peer phpFpm(Shop shop) {
        return new Peer(
                "php-fpm",
                shop.source("php").toString(),
                false,
                (s, socket) -> phpFpm(s, socket, "php-fpm", 8));
    }

    /// The whole default stack, with a data folder of its own; only the limit of a body is raised, as it is for PHP and
    /// nginx.
    private static Command hearth(Shop shop, Path socket) throws IOException, InterruptedException {
        String name = socket.getFileName().toString();
        Path settings =
                shop.write(
                        name + ".toml",
                        """
                        data = "%s"
                        listen = "unix:%s"
                        http = "off"
                        [limits]
                        body = "256MiB"
                        """
                                .formatted(shop.made("data-" + name), socket));
        return onHearth(shop, "Hello", "--config", settings.toString());
    }

    private static Command part(Shop shop, Path socket, String part)
            throws IOException, InterruptedException {
        return onHearth(shop, "Engine", part, socket.toString());
    }

    static Command onHearth(Shop shop, String program, String... arguments)
            throws IOException, InterruptedException {
        Path classes = compiledForHearth(shop, program);
        Path target = shop.root().resolve("target");
        List<String> command = new ArrayList<>(List.of(shop.java().toString()));
        command.addAll(JVM_FLAGS);
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        target.resolve("hearth.jar") + ":" + classes,
                        program));
        command.addAll(List.of(arguments));
        return Command.of(command);
    }

    /// Compiles `bench/peers/hearth/NAME.java` against Hearth's jar.
    static Path compiledForHearth(Shop shop, String name) throws IOException, InterruptedException {
        Path jar = shop.root().resolve("target/hearth.jar");
        if (!Files.exists(jar)) {
            throw new IOException(jar + " is missing: build Hearth first");
        }
        Path classes = shop.made("hearth-" + name);
        shop.run(
                shop.java().resolveSibling("javac").toString(),
                "-cp",
                jar + ":" + shop.root().resolve("target/lib/*"),
                "-d",
                classes.toString(),
                shop.source("hearth/" + name + ".java").toString());
        return classes;
    }

    private static Command libfcgi(Shop shop, Path socket)
            throws IOException, InterruptedException {
        Path program = shop.made("libfcgi-hello");
        shop.run(
                "gcc",
                "-O2",
                "-o",
                program.toString(),
                shop.source("libfcgi/hello.c").toString(),
                "-lfcgi");
        return Command.of(program.toString(), socket.toString(), "8");
    }

    private static Command go(Shop shop, Path socket) throws IOException, InterruptedException {
        Path program = shop.made("go-hello");
        shop.run("go", "build", "-o", program.toString(), shop.source("go/hello.go").toString());
        return Command.of(program.toString(), socket.toString());
    }

    private static Command jetty(Shop shop, Path socket) {
        return Command.of(
                shop.java(JVM_FLAGS, JettyPeer.class.getName(), "fastcgi", socket.toString()));
    }

    /// PHP-FPM with a static pool; each child is replaced never, so no request pays for a fork.
    static Command phpFpm(Shop shop, Path socket, String name, int children) throws IOException {
        String asUser = shop.isRoot() ? "user = root\ngroup = root\n" : "";
        Path settings =
                shop.write(
                        name + ".conf",
                        """
                        [global]
                        daemonize = no
                        error_log = %s
                        log_level = warning
                        [www]
                        %slisten = %s
                        listen.backlog = 1024
                        pm = static
                        pm.max_children = %d
                        pm.max_requests = 0
                        clear_env = no
                        php_admin_value[default_charset] =
                        php_admin_flag[expose_php] = off
                        php_admin_value[post_max_size] = 0
                        php_admin_flag[opcache.enable] = on
                        php_admin_value[opcache.revalidate_freq] = 60
                        """
                                .formatted(
                                        shop.made(name + "-error.log"), asUser, socket, children));
        List<String> command =
                new ArrayList<>(List.of("php-fpm8.2", "-F", "-y", settings.toString()));
        if (shop.isRoot()) {
            command.add("-R");
        }
        return Command.of(command);
    }
}
