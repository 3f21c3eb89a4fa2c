package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Command;
import dev.hearth.bench.peer.Peer.Work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The peers in C and Go.
final class NativePeers {

    private static final String PROCESSES = "8";

    private NativePeers() {}

    static Peer libfcgi() {
        return Peer.fastCgi(
                        "libfcgi",
                        (shop, address) ->
                                Command.of(c(shop, "hello", "-lfcgi"), address.bare(), PROCESSES))
                .asPool();
    }

    /// C with OpenSSL and cJSON, that verifies webhooks.
    static Peer libfcgiVerify(Map<String, String> environment) {
        return Peer.fastCgi(
                        "libfcgi",
                        (shop, address) ->
                                Command.of(
                                                c(shop, "verify", "-lfcgi", "-lcrypto", "-lcjson"),
                                                address.bare(),
                                                PROCESSES)
                                        .with(environment))
                .asPool();
    }

    static Peer goFastCgi() {
        return Peer.fastCgi("go", (shop, address) -> go(shop, "fastcgi", address))
                .doing(Work.HELLO, Work.JSON);
    }

    static Peer goHttp() {
        return Peer.http("go-http", (shop, address) -> go(shop, "http", address))
                .doing(Work.HELLO, Work.JSON);
    }

    private static Command go(Shop shop, String protocol, Address address)
            throws IOException, InterruptedException {
        Path program = goProgram(shop);
        shop.run("go", "build", "-o", program.toString(), shop.source("go/hello.go").toString());
        return Command.of(program.toString(), protocol, address.bare());
    }

    static Path goProgram(Shop shop) throws IOException {
        return shop.made("go-hello");
    }

    private static String c(Shop shop, String name, String... libraries)
            throws IOException, InterruptedException {
        Path program = shop.made("libfcgi-" + name);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "gcc",
                                "-O2",
                                "-o",
                                program.toString(),
                                shop.source("libfcgi/" + name + ".c").toString()));
        command.addAll(List.of(libraries));
        shop.run(command.toArray(String[]::new));
        return program.toString();
    }
}
