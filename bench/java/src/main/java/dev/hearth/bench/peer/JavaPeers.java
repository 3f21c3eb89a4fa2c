package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Work;

/// What else a Java user would take.
final class JavaPeers {

    private JavaPeers() {}

    static Peer jettyFastCgi() {
        return Peer.fastCgi(
                        "jetty",
                        (shop, address) ->
                                Jvm.own(shop, "jetty", JettyPeer.class, "fastcgi", address.bare()))
                .doing(Work.HELLO, Work.JSON);
    }

    static Peer jettyHttp() {
        return Peer.http(
                        "jetty-http",
                        (shop, address) ->
                                Jvm.own(
                                        shop,
                                        "jetty-http",
                                        JettyPeer.class,
                                        "http",
                                        address.bare()))
                .doing(Work.HELLO, Work.JSON);
    }

    /// The JDK's own server; it knows TCP only.
    static Peer jdk() {
        return Peer.http(
                        "jdk-http",
                        (shop, address) -> Jvm.own(shop, "jdk-http", JdkPeer.class, address.bare()))
                .overTcp()
                .doing(Work.HELLO, Work.JSON);
    }
}
