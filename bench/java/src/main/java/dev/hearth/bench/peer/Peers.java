package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The lists of peers. To add one: write its recipe into one of the classes beside this and name it here.
public final class Peers {

    private Peers() {}

    /// Everything that speaks FastCGI on a unix socket, the subject first.
    public static List<Peer> fastCgi(Shop shop) {
        return List.of(
                HearthPeers.subject(),
                HearthPeers.part("router"),
                HearthPeers.part("gateway"),
                HearthPeers.part("engine"),
                NativePeers.libfcgi(),
                PhpPeers.fpm(shop, "php-fpm", 8),
                JavaPeers.jettyFastCgi(),
                NativePeers.goFastCgi());
    }

    /// Everything that a user would put behind a web server, the subject first.
    public static List<Peer> behindFront(Shop shop) {
        return List.of(
                HearthPeers.subject(),
                HearthPeers.overTcp(),
                HearthPeers.overHttp(),
                NativePeers.libfcgi(),
                PhpPeers.fpm(shop, "php-fpm", 8),
                PhpPeers.fpm(shop, "php-fpm-16", 16).doing(Work.HELLO, Work.JSON),
                JavaPeers.jettyFastCgi(),
                JavaPeers.jettyHttp(),
                JavaPeers.jdk(),
                NativePeers.goFastCgi(),
                NativePeers.goHttp());
    }

    /// The program as users start it, through `bin/hearth`: without and with a cache that `hearth train` made.
    public static List<Peer> launched() {
        return List.of(HearthPeers.launched(false), HearthPeers.launched(true));
    }

    /// Where the program in Go is built.
    public static Path goProgram(Shop shop) throws IOException {
        return NativePeers.goProgram(shop);
    }

    /// A single source file run by `bin/hearth run`, compiled before: without and with that cache.
    public static List<Peer> files() {
        return List.of(HearthPeers.file(false), HearthPeers.file(true));
    }

    /// The subject on the socket that it gets as file descriptor 0: for a web server that starts it.
    public static Peer.Command onDescriptorZero(Shop shop, String name)
            throws IOException, InterruptedException {
        return HearthPeers.serve(shop, name, new Address("fd:0"), false);
    }
}
