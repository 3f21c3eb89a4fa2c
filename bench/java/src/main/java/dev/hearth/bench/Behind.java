package dev.hearth.bench;

import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.HttpCall;
import dev.hearth.bench.load.Target;
import dev.hearth.bench.peer.Address;
import dev.hearth.bench.peer.Nginx;
import dev.hearth.bench.peer.Peer;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Peers that are up, each behind the same nginx; and that nginx alone, which is the ceiling and the noise floor.
final class Behind {

    static final String CEILING = "nginx return 200";

    private final Optional<ServerProcess> nginx;
    private final Target bare;
    private final List<Running> running;

    /// A peer that is up, as one process or as several that share the load.
    record Running(Nginx.Site site, List<ServerProcess> servers) {

        String name() {
            return site.peer().name();
        }

        boolean can(Peer.Work work) {
            return site.peer().works().contains(work);
        }
    }

    private Behind(Optional<ServerProcess> nginx, Target bare, List<Running> running) {
        this.nginx = nginx;
        this.bare = bare;
        this.running = running;
    }

    /// Starts each peer, then nginx in front of all that started.
    static Behind start(Suite suite, String note, List<Peer> peers)
            throws IOException, InterruptedException {
        List<List<Peer>> single = peers.stream().map(List::of).toList();
        return start(suite, note, single, UnaryOperator.identity());
    }

    /// The same, where a row of several peers is one site with several processes behind it, named by the first.
    ///
    /// @param note tells the starts of one suite apart
    /// @param how changes every command, for example to pin it to processors
    static Behind start(
            Suite suite, String note, List<List<Peer>> rows, UnaryOperator<Peer.Command> how)
            throws IOException, InterruptedException {
        List<Running> running = new ArrayList<>();
        for (List<Peer> row : rows) {
            if (suite.options.wants(row.getFirst().name())) {
                row(suite, note, row, how).ifPresent(running::add);
            }
        }
        Path ceiling = suite.shop.socket("f-ceiling");
        Address address = Address.unix(ceiling);
        Optional<ServerProcess> nginx =
                suite.start(
                        CEILING + note,
                        () ->
                                how.apply(
                                        Nginx.command(
                                                suite.shop,
                                                running.stream().map(Running::site).toList(),
                                                ceiling)),
                        () -> listening(address));
        return new Behind(
                nginx,
                address.target(Target.Protocol.HTTP, true),
                nginx.isPresent() ? running : List.of());
    }

    private static Optional<Running> row(
            Suite suite, String note, List<Peer> row, UnaryOperator<Peer.Command> how)
            throws IOException, InterruptedException {
        List<Address> backs = new ArrayList<>();
        List<ServerProcess> servers = new ArrayList<>();
        for (Peer peer : row) {
            Address back = peer.address(suite.shop);
            Optional<ServerProcess> server =
                    suite.start(
                            peer.name() + note,
                            () -> how.apply(peer.recipe().prepare(suite.shop, back)),
                            () -> listening(back));
            if (server.isEmpty()) {
                return Optional.empty();
            }
            backs.add(back);
            servers.add(server.get());
        }
        Peer first = row.getFirst();
        Path front = suite.shop.socket("f-" + first.name());
        return Optional.of(new Running(new Nginx.Site(first, front, backs), servers));
    }

    /// Whether somebody accepts connections there.
    static void listening(Address address) throws IOException {
        SocketChannel.open(address.target(Target.Protocol.HTTP, true).address()).close();
    }

    List<Running> running() {
        return running;
    }

    /// The bare nginx as something to measure, in work and load of the others.
    Optional<Subject> ceiling() {
        return nginx.map(
                server -> new Subject(CEILING, server, bare, get("/hello", EngineBench.HELLO)));
    }

    /// A peer asked through nginx. Its CPU figures: its first process, nginx, those beside, its other processes.
    Subject subject(Running peer, Call.Source calls, ServerProcess... beside) {
        List<ServerProcess> others = new ArrayList<>();
        others.add(nginx.orElseThrow());
        others.addAll(List.of(beside));
        others.addAll(peer.servers.subList(1, peer.servers.size()));
        return new Subject(peer.name(), peer.servers.getFirst(), others, peer.site.target(), calls);
    }

    static Call get(String target, byte[] body) {
        return HttpCall.of("GET", target, Map.of(), new byte[0], true, Expectation.of(body));
    }
}
