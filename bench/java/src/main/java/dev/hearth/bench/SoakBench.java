package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Report.Column;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.GcLog;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.load.SignedEvents;
import dev.hearth.bench.peer.Postgres;
import dev.hearth.bench.peer.Shop;
import dev.hearth.bench.peer.WebhookPeers;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Hearth under 40 % of its saturation for as long as asked: `/hello` with 100 webhooks a second among it, behind nginx,
/// PostgreSQL behind it. Each minute is one sample, so what grows is seen.
public final class SoakBench {

    static final String WORK = "hello with 100 webhooks/s";
    static final String LOAD = "open loop, 40 %";

    private static final int CONNECTIONS = 32;
    private static final int WEBHOOKS_PER_SECOND = 100;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration BEFORE = Duration.ofMillis(500);

    private SoakBench() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        int minutes = minutes(args);
        Options options = Options.parse(withoutMinutes(args), shop.home());
        String secret = WebhookBench.newSecret();
        try (Suite suite = new Suite("soak", options, shop);
                Postgres postgres = Postgres.start(shop)) {
            WebhookPeers peers = new WebhookPeers(secret, postgres);
            Behind behind =
                    Behind.start(suite, "", List.of(peers.onPostgres(Goals.SUBJECT, "hearth")));
            for (Running peer : behind.running()) {
                soak(suite, behind, peer, secret, postgres, minutes);
            }
            suite.version("nginx", "nginx", "-v");
            suite.version("PostgreSQL", "psql", "--version");
            suite.report("soak.md", report(suite.write(), options));
        }
    }

    private static int minutes(String[] args) {
        int at = List.of(args).indexOf("--minutes");
        return at < 0 ? 60 : Integer.parseInt(args[at + 1]);
    }

    private static String[] withoutMinutes(String[] args) {
        List<String> rest = new ArrayList<>(List.of(args));
        int at = rest.indexOf("--minutes");
        if (at >= 0) {
            rest.subList(at, at + 2).clear();
        }
        return rest.toArray(String[]::new);
    }

    private static void soak(
            Suite suite, Behind behind, Running peer, String secret, Postgres postgres, int minutes)
            throws IOException, InterruptedException {
        Call hello = Behind.get("/hello", EngineBench.HELLO);
        Subject alone = behind.subject(peer, Call.Source.repeating(hello), postgres.server());
        if (suite.checked(List.of(alone)).isEmpty()) {
            return;
        }
        Plan saturating =
                new Plan.Closed(
                        CONNECTIONS,
                        Client.EVENT_LOOP,
                        suite.options.settle(),
                        suite.options.measured());
        int rate = (int) Math.max(200, suite.settle(alone, saturating).perSecond() * 0.4);
        suite.note("40 %% of the saturation of `/hello`: %d/s".formatted(rate));
        SignedEvents events = new SignedEvents("/webhooks/stripe", secret, "soak");
        int every = rate / WEBHOOKS_PER_SECOND;
        AtomicLong count = new AtomicLong();
        Subject mixed =
                behind.subject(
                        peer,
                        () -> count.getAndIncrement() % every == 0 ? events.next() : hello,
                        postgres.server());
        suite.settle(mixed, load(rate, suite.options.settle(), BEFORE));
        for (int minute = 1; minute <= minutes; minute++) {
            events.prepare(WEBHOOKS_PER_SECOND * 70);
            suite.sample(mixed, WORK, LOAD, load(rate, BEFORE, MINUTE), minute);
        }
    }

    /// A generator that spins would hold one of the cores for an hour, and each pause of the JVM would last until the
    /// rest of the machine lets it have the other.
    private static Plan load(int rate, Duration warmUp, Duration measured) {
        return new Plan.Open(CONNECTIONS, rate, false, true, warmUp, measured);
    }

    /// The minutes in six parts, as if each were a peer: what grows shows from row to row.
    private static String report(Results results, Options options) {
        int minutes = results.samples().size();
        int part = Math.max(1, (minutes + 5) / 6);
        Results parts =
                results.withPeers(sample -> {
                    int first = (sample.round() - 1) / part * part + 1;
                    return "minutes %d to %d".formatted(first, Math.min(minutes, first + part - 1));
                });
        Report report = new Report("Soak: 40 % of saturation, minute by minute", parts, options);
        report.table(
                WORK,
                LOAD,
                List.of(
                        Column.RATE,
                        Column.CPU,
                        Column.P50,
                        Column.P99,
                        Column.RSS,
                        Column.figure(Suite.OPEN_FILES, 0),
                        Column.HEAP,
                        Column.GC_LONGEST,
                        Column.GC_SHARE));
        return report.text();
    }

    /// The longest pause of a run of at least ten minutes.
    static Optional<Goal.Reading> longestPause(Results results) {
        if (results.samples().size() < 10) {
            return Optional.empty();
        }
        double longest =
                results.samples().stream()
                        .mapToDouble(Results.figure(GcLog.LONGEST))
                        .max()
                        .orElse(Double.NaN);
        return Optional.of(new Goal.Reading("%.1f ms".formatted(longest), longest < 3));
    }
}
