package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Command;
import dev.hearth.bench.peer.Peer.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;

/// The subject in its ways of running, and its parts.
final class HearthPeers {

    private HearthPeers() {}

    /// The whole default stack over FastCGI on a unix socket: what all targets are about.
    static Peer subject() {
        return Peer.fastCgi("hearth", (shop, address) -> serve(shop, "hearth", address, false))
                .doing(Work.HELLO, Work.JSON, Work.BODIES);
    }

    static Peer overTcp() {
        return Peer.fastCgi(
                        "hearth-tcp", (shop, address) -> serve(shop, "hearth-tcp", address, false))
                .overTcp();
    }

    static Peer overHttp() {
        return Peer.http(
                        "hearth-http", (shop, address) -> serve(shop, "hearth-http", address, true))
                .overTcp()
                .doing(Work.HELLO, Work.JSON, Work.BODIES);
    }

    /// `engine` is the protocol alone, `gateway` adds the gateway, `router` also the router.
    static Peer part(String part) {
        String name = "hearth-" + part;
        return Peer.fastCgi(
                name, (shop, address) -> Jvm.onHearth(shop, name, "Engine", part, address.bare()));
    }

    static Peer launched(boolean trained) {
        String name = trained ? "hearth-serve-aot" : "hearth-serve";
        return Peer.fastCgi(name, (shop, address) -> launch(shop, name, address, trained));
    }

    private static Command launch(Shop shop, String name, Address address, boolean trained)
            throws IOException, InterruptedException {
        Map<String, String> environment = Map.of("HEARTH_AOT", caches(shop, trained).toString());
        Path settings = settings(shop, name, address, "off", "");
        return Command.of(launcher(shop), "serve", "--config", settings.toString())
                .with(environment);
    }

    /// The folder of caches for `bin/hearth`: those that `hearth train` makes, or none.
    static Path caches(Shop shop, boolean trained) throws IOException, InterruptedException {
        Path caches = shop.made(trained ? "aot/x" : "no-aot/x").getParent();
        Files.createDirectories(caches);
        if (trained) {
            train(shop, launcher(shop), caches);
        }
        return caches;
    }

    private static String launcher(Shop shop) {
        return shop.root().resolve("bin/hearth").toString();
    }

    /// A cache is good for the jar that it was made from.
    private static void train(Shop shop, String launcher, Path caches)
            throws IOException, InterruptedException {
        FileTime jar = Files.getLastModifiedTime(shop.root().resolve("target/hearth.jar"));
        try (Stream<Path> files = Files.list(caches)) {
            for (Path file : files.toList()) {
                if (Files.getLastModifiedTime(file).compareTo(jar) > 0) {
                    return;
                }
            }
        }
        shop.run("env", "HEARTH_AOT=" + caches, launcher, "train");
    }

    static Peer file(boolean trained) {
        String name = trained ? "hearth-run-file-aot" : "hearth-run-file";
        return Peer.fastCgi(
                name,
                (shop, address) -> {
                    // What was compiled is kept in the data folder, which therefore stays from one
                    // start to the next.
                    Path before = shop.made(name + ".toml");
                    Path settings =
                            Files.exists(before)
                                    ? before
                                    : settings(shop, name, address, "off", "");
                    return Command.of(
                                    launcher(shop),
                                    "run",
                                    shop.source("hearth/Hello.java").toString(),
                                    "--config",
                                    settings.toString())
                            .with(Map.of("HEARTH_AOT", caches(shop, trained).toString()));
                });
    }

    static Command serve(Shop shop, String name, Address address, boolean http)
            throws IOException, InterruptedException {
        // The limit of a body is raised, as it is for PHP and nginx.
        Path settings =
                settings(
                        shop,
                        name,
                        http ? Address.unix(shop.socket(name + "-unused")) : address,
                        http ? address.text() : "off",
                        """
                        [limits]
                        body = "256MiB"
                        [fastcgi]
                        socket_mode = "0666"
                        """);
        return Jvm.onHearth(shop, name, "Hello", "--config", settings.toString());
    }

    /// A configuration file with a data folder of its own, empty.
    static Path settings(Shop shop, String name, Address fastCgi, String http, String more)
            throws IOException {
        Path data = shop.made("data-" + name);
        shop.delete(data);
        Path settings =
                shop.write(
                        name + ".toml",
                        """
                        data = "%s"
                        listen = "%s"
                        http = "%s"
                        %s\
                        """
                                .formatted(data, fastCgi, http, more));
        // Secrets that all may read are refused.
        return Files.setPosixFilePermissions(
                settings, PosixFilePermissions.fromString("rw-------"));
    }
}
