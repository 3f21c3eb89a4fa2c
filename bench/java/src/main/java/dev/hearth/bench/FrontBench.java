package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.peer.Peer.Work;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Shop;

import org.eclipse.jetty.util.Jetty;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Behind nginx, as users run it: `/hello`, JSON in and out, large bodies up and down.
public final class FrontBench {

    static final String JSON = "json";
    static final String SATURATED = "saturated, 32 connections";
    static final String MANY = "open loop, 10 %, 2000 connections in turn";
    static final String ONE = "1 connection";

    private static final int CONNECTIONS = 32;
    private static final int MANY_CONNECTIONS = 2000;

    private final Suite suite;
    private final Behind behind;

    private FrontBench(Suite suite, Behind behind) {
        this.suite = suite;
        this.behind = behind;
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("front", options, shop)) {
            Behind behind = Behind.start(suite, "", Peers.behindFront(shop));
            new FrontBench(suite, behind).run();
            suite.version("nginx", "nginx", "-v");
            suite.version("PHP", "php-fpm8.2", "-v");
            suite.version("Go", "go", "version");
            suite.versionIs("Jetty", Jetty.VERSION);
            suite.report("front.md", new FrontReport(suite.write(), options).text());
        }
    }

    private void run() throws IOException, InterruptedException {
        List<Subject> hello = subjects(Work.HELLO, Behind.get("/hello", EngineBench.HELLO));
        behind.ceiling().ifPresent(hello::add);
        work(
                EngineBench.WORK,
                suite.checked(hello),
                suite.options.quick() ? 1 : 4,
                !suite.options.quick());
        work(
                JSON,
                suite.checked(subjects(Work.JSON, Bodies.order())),
                suite.options.quick() ? 0 : 2,
                false);
        for (int megabytes : suite.options.quick() ? List.of(10) : List.of(1, 10, 100)) {
            bodies(megabytes);
        }
    }

    private List<Subject> subjects(Work work, Call call) {
        List<Subject> subjects = new ArrayList<>();
        for (Running peer : behind.running()) {
            if (peer.can(work)) {
                subjects.add(behind.subject(peer, Call.Source.repeating(call)));
            }
        }
        return subjects;
    }

    private void work(String work, List<Subject> subjects, int shares, boolean many)
            throws IOException, InterruptedException {
        for (Subject subject : subjects) {
            suite.settle(subject, CONNECTIONS);
        }
        double whole = shares == 0 ? 0 : slowest(work, subjects);
        Map<String, Plan> loads = loads(whole, shares, many);
        for (int round = 1; round <= suite.options.rounds(); round++) {
            for (Map.Entry<String, Plan> load : loads.entrySet()) {
                for (Subject subject : subjects) {
                    suite.sample(subject, work, load.getKey(), load.getValue(), round);
                }
            }
        }
    }

    /// What the slowest of the good ones answers when it is saturated: 100 % of the open loop's rates.
    private double slowest(String work, List<Subject> subjects)
            throws IOException, InterruptedException {
        Plan plan =
                new Plan.Closed(
                        CONNECTIONS,
                        Client.EVENT_LOOP,
                        suite.options.warmUp(),
                        suite.options.measured());
        double slowest = Double.MAX_VALUE;
        String who = "nobody";
        for (Subject subject : subjects) {
            double rate = suite.settle(subject, plan).perSecond();
            if (rate > 0 && rate < slowest && !suite.isFailing(subject.peer())) {
                slowest = rate;
                who = subject.peer();
            }
        }
        suite.note(
                "%s: 100 %% of the open loop is %.0f/s, the saturation of the slowest good peer, %s"
                        .formatted(work, slowest, who));
        return slowest;
    }

    private Map<String, Plan> loads(double whole, int shares, boolean many) {
        Duration warmUp = suite.options.warmUp();
        Duration measured = suite.options.measured();
        Map<String, Plan> loads = new LinkedHashMap<>();
        loads.put(SATURATED, new Plan.Closed(CONNECTIONS, Client.EVENT_LOOP, warmUp, measured));
        for (int share : List.of(40, 10, 70, 1).subList(0, shares)) {
            loads.put(open(share), new Plan.Open(CONNECTIONS, at(whole, share), warmUp, measured));
        }
        if (many) {
            loads.put(
                    MANY,
                    new Plan.Open(
                            MANY_CONNECTIONS,
                            at(whole, 10),
                            true,
                            false,
                            warmUp.plusSeconds(1),
                            measured));
        }
        return loads;
    }

    private static int at(double whole, int share) {
        return Math.max(10, (int) (whole * share / 100));
    }

    /// The name of an open loop at this many hundredths of the slowest good peer's saturation.
    static String open(int share) {
        return "open loop, " + share + " %";
    }

    private void bodies(int megabytes) throws IOException, InterruptedException {
        List<Subject> uploads = suite.checked(subjects(Work.BODIES, Bodies.upload(megabytes)));
        List<Subject> downloads = suite.checked(subjects(Work.BODIES, Bodies.download(megabytes)));
        Plan plan =
                new Plan.Closed(
                        1, Client.EVENT_LOOP, suite.options.warmUp(), suite.options.measured());
        for (int round = 1; round <= suite.options.rounds(); round++) {
            for (Subject subject : uploads) {
                suite.sample(subject, megabytes + " MB up", ONE, plan, round);
            }
            for (Subject subject : downloads) {
                suite.sample(subject, megabytes + " MB down", ONE, plan, round);
            }
        }
    }
}
