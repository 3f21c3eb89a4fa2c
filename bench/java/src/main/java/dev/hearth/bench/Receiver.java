package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.load.SignedEvents;
import dev.hearth.bench.load.Window;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A peer behind nginx, the requests that it gets, and how many it has answered: mostly webhooks, each with an id of
/// its own, so that they can be counted afterwards.
final class Receiver {

    private static final int MOST_PER_SECOND = 16_000;
    private static final int MOST_AT_ONCE = 150_000;

    private final Suite suite;
    private final Subject subject;
    private final Optional<SignedEvents> events;
    private final int mostPerSecond;
    private long answered = 1;

    private Receiver(
            Suite suite, Subject subject, Optional<SignedEvents> events, int mostPerSecond) {
        this.suite = suite;
        this.subject = subject;
        this.events = events;
        this.mostPerSecond = mostPerSecond;
    }

    /// Sends a forged event, which must be refused, and the first one; a peer that does not answer rightly is noted as
    /// failing.
    static Optional<Receiver> open(
            Suite suite,
            Behind behind,
            Running peer,
            String path,
            String secret,
            ServerProcess... beside)
            throws InterruptedException {
        String run = Long.toString(System.nanoTime() & 0xffffffffffL, 36) + "x";
        SignedEvents forged =
                new SignedEvents(path, WebhookBench.newSecret(), run, Expectation.of(400));
        SignedEvents events = new SignedEvents(path, secret, run, expected(path));
        Subject subject = behind.subject(peer, events, beside);
        Subject refusing = behind.subject(peer, forged, beside);
        return suite.checked(List.of(refusing, subject)).size() < 2
                ? Optional.empty()
                : Optional.of(new Receiver(suite, subject, Optional.of(events), MOST_PER_SECOND));
    }

    /// Asks the same again and again.
    static Optional<Receiver> repeating(Suite suite, Behind behind, Running peer, Call call)
            throws InterruptedException {
        Subject subject = behind.subject(peer, Call.Source.repeating(call));
        return suite.checked(List.of(subject)).isEmpty()
                ? Optional.empty()
                : Optional.of(new Receiver(suite, subject, Optional.empty(), MOST_PER_SECOND));
    }

    /// The same peer, known to take no more events than these a second: so many need not be made beforehand.
    Receiver atMost(int perSecond) {
        return new Receiver(suite, subject, events, perSecond);
    }

    /// Whoever stores may name the row, so only those that do not store give the same answer.
    private static Expectation expected(String path) {
        return path.equals(WebhookBench.VERIFY_PATH)
                ? Expectation.of("{\"ok\":true}\n".getBytes(StandardCharsets.US_ASCII))
                : Expectation.of(200);
    }

    String name() {
        return subject.peer();
    }

    Subject subject() {
        return subject;
    }

    ServerProcess server() {
        return subject.server();
    }

    /// What the ids of its events begin with.
    String idsBegin() {
        return "evt_" + events.orElseThrow().run();
    }

    /// How many requests it answered rightly.
    long answered() {
        return answered;
    }

    /// One more was asked by somebody else, and answered.
    void oneMore() {
        answered++;
    }

    /// The first rounds of a compiler are not the subject; the events count all the same.
    void settle(int connections) throws IOException, InterruptedException {
        settle(connections, suite.options.settle());
    }

    void settle(int connections, Duration time) throws IOException, InterruptedException {
        Plan plan = new Plan.Closed(connections, Client.EVENT_LOOP, time, Duration.ofMillis(100));
        prepare(plan);
        answered += suite.settle(subject, plan).answeredInAll();
    }

    Window sample(String work, String load, Plan plan, int round)
            throws IOException, InterruptedException {
        prepare(plan);
        Window window = suite.sample(subject, work, load, plan, round);
        answered += window.answeredInAll();
        return window;
    }

    private void prepare(Plan plan) {
        double seconds = (plan.warmUp().toMillis() + plan.measured().toMillis()) / 1e3;
        int perSecond = plan instanceof Plan.Open open ? open.perSecond() + 100 : mostPerSecond;
        int count = (int) Math.min(MOST_AT_ONCE, Math.ceil(seconds * perSecond));
        events.ifPresent(made -> made.prepare(count));
    }
}
