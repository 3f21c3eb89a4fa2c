package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Programs that are started for each request, each behind an fcgiwrap of its own, so that its control group counts
/// that fcgiwrap, every process that it forked, and what those started.
///
/// All of them answer `/hello`, `/verify` and `/webhooks/stripe`, and store into a SQLite file of their own.
public final class CgiPeers {

    /// How many requests one fcgiwrap has in progress.
    public static final int AT_ONCE = 8;

    private static final List<String> PHP_ROUTES = List.of("hello", "verify", "webhooks/stripe");

    private final String secret;
    private final boolean program;

    /// @param secret what the events are signed with
    /// @param program whether Hearth runs the program that answers `/hello` and `/verify`; its inbox needs none
    public CgiPeers(String secret, boolean program) {
        this.secret = secret;
        this.program = program;
    }

    /// A JVM for each request.
    ///
    /// @param trained whether it starts from the cache that `hearth train` makes
    public Peer hearth(Shop shop, String name, boolean trained) {
        return wrapped(
                shop.root().resolve("bin/hearth-cgi").toString(),
                name,
                s -> {
                    Map<String, String> environment = hearth(s, name);
                    environment.put("HEARTH_AOT", HearthPeers.caches(s, trained).toString());
                    return environment;
                });
    }

    /// A small program for each request, that passes it to one warm Hearth, which the first of them starts.
    public Peer relay(Shop shop, String name) throws IOException {
        Path relay = shop.made("cgi/relay");
        return wrapped(
                relay.toString(),
                name,
                s -> {
                    s.run(
                            "gcc",
                            "-O2",
                            "-o",
                            relay.toString(),
                            s.root().resolve("deploy/cgi/relay.c").toString());
                    Map<String, String> environment = hearth(s, name);
                    environment.put("HEARTH_AOT", HearthPeers.caches(s, true).toString());
                    environment.put("HEARTH_COMMAND", s.root().resolve("bin/hearth").toString());
                    // Where there are no control groups, it is this that ends the warm one.
                    environment.put("HEARTH_IDLE_EXIT", "5m");
                    return environment;
                });
    }

    /// PHP, with the scripts of the FastCGI peers, made executable.
    public Peer php(Shop shop, String name) throws IOException {
        Path folder = shop.made("cgi/php/x").getParent();
        return wrapped(
                folder + "$uri",
                name,
                s -> {
                    for (String route : PHP_ROUTES) {
                        executable(
                                s.made("cgi/php/" + route),
                                "#!/usr/bin/php-cgi\n<?php require '%s';\n"
                                        .formatted(s.source("php/" + route + ".php")));
                    }
                    Path database = database(s, name);
                    return Map.of("BENCH_SECRET", secret, "BENCH_DSN", "sqlite:" + database);
                });
    }

    /// Rust with nothing but its standard library, and SQLite of the system.
    public Peer rust(Shop shop, String name) throws IOException {
        Path program = shop.made("cgi/rust");
        return wrapped(
                program.toString(),
                name,
                s -> {
                    s.run(
                            "rustc",
                            "--edition=2021",
                            "-C",
                            "opt-level=3",
                            "-o",
                            program.toString(),
                            s.source("rust/cgi.rs").toString());
                    Path database = database(s, name);
                    return Map.of("BENCH_SECRET", secret, "BENCH_SQLITE", database.toString());
                });
    }

    /// Where Hearth of this name keeps its events.
    public static Path hearthFile(Shop shop, String name) throws IOException {
        return data(shop, name).resolve("hearth.db");
    }

    /// Where the peer of this name keeps its events.
    public static Path file(Shop shop, String name) throws IOException {
        return shop.made("cgi/" + name + ".db");
    }

    /// What a program needs in its environment; makes what it needs elsewhere.
    @FunctionalInterface
    private interface Preparation {
        Map<String, String> environment(Shop shop) throws IOException, InterruptedException;
    }

    private static Peer wrapped(String program, String name, Preparation preparation) {
        return Peer.fastCgi(
                        name,
                        (shop, address) ->
                                Command.of(
                                                "fcgiwrap",
                                                "-f",
                                                "-c",
                                                Integer.toString(AT_ONCE),
                                                "-s",
                                                address.text())
                                        .with(preparation.environment(shop)))
                .asPool()
                .withScripts(program);
    }

    private Map<String, String> hearth(Shop shop, String name) throws IOException {
        Path data = data(shop, name);
        shop.delete(data);
        Files.createDirectories(data);
        Map<String, String> environment = new HashMap<>();
        environment.put("HEARTH_DATA", data.toString());
        environment.put("HEARTH_WEBHOOK_STRIPE_SECRET", secret);
        if (program) {
            environment.put("HEARTH_RUN", shop.source("hearth/Webhooks.java").toString());
        }
        return environment;
    }

    private static Path data(Shop shop, String name) throws IOException {
        return shop.made("data-" + name);
    }

    private static Path database(Shop shop, String name) throws IOException, InterruptedException {
        Path file = file(shop, name);
        WebhookPeers.createSqlite(shop, file);
        return file;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
