package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.load.SignedEvents;
import dev.hearth.bench.load.Window;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A peer behind nginx that takes webhooks in, the events that it gets, and how many it said it has.
final class Receiver {

    private static final int MOST_PER_SECOND = 16_000;
    private static final int MOST_AT_ONCE = 150_000;

    private final Suite suite;
    private final Subject subject;
    private final SignedEvents events;
    private long answered = 1;

    private Receiver(Suite suite, Subject subject, SignedEvents events) {
        this.suite = suite;
        this.subject = subject;
        this.events = events;
    }

    /// Sends the first event; a peer that does not answer rightly is noted as failing.
    static Optional<Receiver> open(
            Suite suite,
            Behind behind,
            Running peer,
            String path,
            String secret,
            ServerProcess... beside)
            throws InterruptedException {
        String run = Long.toString(System.nanoTime() & 0xffffffffffL, 36) + "x";
        SignedEvents events = new SignedEvents(path, secret, run);
        Subject subject = behind.subject(peer, events, beside);
        return suite.checked(List.of(subject)).isEmpty()
                ? Optional.empty()
                : Optional.of(new Receiver(suite, subject, events));
    }

    String name() {
        return subject.peer();
    }

    ServerProcess server() {
        return subject.server();
    }

    /// What the ids of its events begin with.
    String idsBegin() {
        return "evt_" + events.run();
    }

    /// How many events it answered with 200.
    long answered() {
        return answered;
    }

    /// The first rounds of a compiler are not the subject; the events count all the same.
    void settle(int connections) throws IOException, InterruptedException {
        Plan plan =
                new Plan.Closed(
                        connections,
                        Client.EVENT_LOOP,
                        suite.options.settle(),
                        Duration.ofMillis(100));
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
        int perSecond = plan instanceof Plan.Open open ? open.perSecond() + 100 : MOST_PER_SECOND;
        events.prepare((int) Math.min(MOST_AT_ONCE, Math.ceil(seconds * perSecond)));
    }
}
