package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Report.Column;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// `/hello` behind nginx with server and nginx on one processor, then on two: what the second one brings.
///
/// The generator is free to run anywhere: on a machine of two it takes its part of the second.
public final class CoresBench {

    private static final int CONNECTIONS = 32;
    private static final List<String> PEERS =
            List.of("hearth", "libfcgi", "php-fpm", "jetty-http", "go-http");

    private static final ToDoubleFunction<Sample> RATE = s -> s.window().perSecond();

    private CoresBench() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        Map<String, String> loads = new LinkedHashMap<>();
        loads.put("saturated, 1 core", "0");
        loads.put("saturated, 2 cores", "0,1");
        try (Suite suite = new Suite("cores", options, shop)) {
            // Twice, so that the machine's mood does not decide between the two.
            for (int pass = 0; pass < Math.min(2, options.rounds()); pass++) {
                for (Map.Entry<String, String> load : loads.entrySet()) {
                    measure(suite, load.getKey(), load.getValue(), pass);
                }
            }
            suite.version("nginx", "nginx", "-v");
            suite.report("cores.md", report(suite.write(), options, loads));
        }
    }

    private static void measure(Suite suite, String load, String processors, int pass)
            throws IOException, InterruptedException {
        Options options = suite.options;
        try (Suite.Group _ = suite.group()) {
            Behind behind =
                    Behind.start(
                            suite,
                            ", " + load,
                            Peers.behindFront(suite.shop).stream()
                                    .filter(peer -> PEERS.contains(peer.name()))
                                    .map(List::of)
                                    .toList(),
                            command -> command.pinnedTo(processors));
            List<Subject> subjects = new ArrayList<>();
            for (Running peer : behind.running()) {
                Call hello = Behind.get("/hello", EngineBench.HELLO);
                subjects.add(behind.subject(peer, Call.Source.repeating(hello)));
            }
            behind.ceiling().ifPresent(subjects::add);
            List<Subject> right = suite.checked(subjects);
            for (Subject subject : right) {
                suite.settle(subject, CONNECTIONS);
            }
            Plan plan =
                    new Plan.Closed(
                            CONNECTIONS, Client.EVENT_LOOP, options.warmUp(), options.measured());
            for (int round = 1; round <= options.rounds(); round++) {
                for (Subject subject : right) {
                    int number = pass * options.rounds() + round;
                    suite.sample(subject, EngineBench.WORK, load, plan, number);
                }
            }
        }
    }

    private static String report(Results results, Options options, Map<String, String> loads) {
        Report report = new Report("One core and two: server and nginx pinned", results, options);
        for (String load : loads.keySet()) {
            report.table(
                    EngineBench.WORK,
                    load,
                    List.of(Column.RATE, Column.CPU, Column.cpu("nginx", 1), Column.P50));
        }
        report.line("\n## What the second core brings\n");
        report.line("| peer | requests/s of two cores to one |");
        report.line("|---|---:|");
        List<String> names = List.copyOf(loads.keySet());
        for (String peer : PEERS) {
            var one = Goals.median(results, peer, EngineBench.WORK, names.get(0), RATE);
            var two = Goals.median(results, peer, EngineBench.WORK, names.get(1), RATE);
            if (one.isPresent() && two.isPresent()) {
                report.line("| %s | %.2f × |".formatted(peer, two.get() / one.get()));
            }
        }
        return report.text();
    }
}
