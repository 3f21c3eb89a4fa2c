package dev.hearth.bench;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Load;
import dev.hearth.bench.load.Orders;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.load.Window;
import dev.hearth.bench.peer.Address;
import dev.hearth.bench.peer.PaymentPeers;
import dev.hearth.bench.peer.Shop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Payment intents behind nginx, against a stand-in of Stripe: what one costs, and what many at once do to each other
/// and to `/hello` while Stripe takes its time.
public final class PaymentBench {

    static final String WORK = "payment intent";
    static final String SATURATED = "saturated, 32 connections";
    static final String OPEN = "open loop, 100/s";
    static final String SLOW_STRIPE = "200 callers, Stripe takes 300 ms";
    static final String QUIET = "open loop, 400/s, alone";
    static final String BESIDE = "open loop, 400/s, beside 200 callers";
    static final String THREADS_BEFORE = "threads before";
    static final String THREADS_DURING = "threads during";
    static final String THREADS_AFTER = "threads after";
    static final int CALLERS = 200;
    static final int STRIPE_MILLIS = 300;

    private static final String PATH = "/payments/intents";
    private static final int CONNECTIONS = 32;

    private final Suite suite;
    private final String callerKey = WebhookBench.newSecret();
    private final PaymentPeers peers = new PaymentPeers(callerKey);

    private PaymentBench(Suite suite) {
        this.suite = suite;
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        try (Suite suite = new Suite("payment", options, shop)) {
            PaymentBench bench = new PaymentBench(suite);
            bench.cost();
            bench.slowStripe();
            suite.version("nginx", "nginx", "-v");
            suite.version("PHP", "php-fpm8.2", "-v");
            suite.version("SQLite (of PHP)", "sqlite3", "--version");
            suite.report("payment.md", new PaymentReport(suite.write(), options).text());
        }
    }

    private void cost() throws IOException, InterruptedException {
        try (Suite.Group _ = suite.group()) {
            Address address = Address.freePort();
            Optional<ServerProcess> stripe = stripe("stripe", address, 0);
            if (stripe.isEmpty()) {
                return;
            }
            Behind behind =
                    Behind.start(
                            suite,
                            ", payments",
                            List.of(
                                    peers.hearth(Goals.SUBJECT, address),
                                    peers.php(suite.shop, "php-fpm", address)));
            List<Subject> subjects = new ArrayList<>();
            for (Running peer : behind.running()) {
                subjects.add(
                        behind.subject(
                                peer, new Orders(PATH, callerKey, peer.name()), stripe.get()));
            }
            List<Subject> right = suite.checked(subjects);
            for (Subject subject : right) {
                suite.settle(subject, CONNECTIONS);
            }
            for (int round = 1; round <= suite.options.rounds(); round++) {
                for (Subject subject : right) {
                    suite.sample(subject, WORK, SATURATED, closed(CONNECTIONS), round);
                }
                for (Subject subject : right) {
                    suite.sample(subject, WORK, OPEN, open(100), round);
                }
            }
        }
    }

    private void slowStripe() throws IOException, InterruptedException {
        try (Suite.Group _ = suite.group()) {
            Address address = Address.freePort();
            Optional<ServerProcess> stripe = stripe("stripe-slow", address, STRIPE_MILLIS);
            if (stripe.isEmpty()) {
                return;
            }
            Behind behind =
                    Behind.start(
                            suite, ", slow Stripe", List.of(peers.hearth(Goals.SUBJECT, address)));
            for (Running peer : behind.running()) {
                Subject payments =
                        behind.subject(peer, new Orders(PATH, callerKey, "slow"), stripe.get());
                Subject hello =
                        behind.subject(
                                peer,
                                Call.Source.repeating(Behind.get("/hello", EngineBench.HELLO)),
                                stripe.get());
                if (suite.checked(List.of(payments, hello)).size() == 2) {
                    suite.settle(hello, CONNECTIONS);
                    suite.settle(payments, closed(CALLERS));
                    for (int round = 1; round <= suite.options.rounds(); round++) {
                        beside(payments, hello, round);
                    }
                }
            }
        }
    }

    /// `/hello` alone; the callers alone; both.
    private void beside(Subject payments, Subject hello, int round)
            throws IOException, InterruptedException {
        Plan calm = sleeping(400);
        suite.sample(hello, EngineBench.WORK, QUIET, calm, round);
        double before = payments.server().threads();
        Plan many = closed(CALLERS);
        suite.sample(payments, WORK, SLOW_STRIPE, many, round);
        Duration longer = calm.warmUp().plus(calm.measured()).plusSeconds(1);
        Plan around = new Plan.Closed(CALLERS, Client.EVENT_LOOP, suite.options.warmUp(), longer);
        CompletableFuture<Window> callers =
                CompletableFuture.supplyAsync(() -> run(payments, around));
        suite.sample(hello, EngineBench.WORK, BESIDE, calm, round);
        double during = payments.server().threads();
        Window window = callers.join();
        if (window.failures() > 0) {
            suite.fails(payments.peer(), BESIDE + ": " + window.errors());
        }
        suite.keep(
                payments.peer(),
                WORK,
                round,
                Map.of(
                        THREADS_BEFORE,
                        before,
                        THREADS_DURING,
                        during,
                        THREADS_AFTER,
                        (double) payments.server().threads()));
    }

    private static Window run(Subject subject, Plan plan) {
        try {
            return Load.run(subject.target(), subject.calls(), plan, List.of());
        } catch (IOException | InterruptedException lost) {
            throw new CompletionException(lost);
        }
    }

    private Optional<ServerProcess> stripe(String name, Address address, int pause)
            throws InterruptedException {
        return suite.start(
                name,
                () -> PaymentPeers.stripe(suite.shop, name, address, pause),
                () -> Behind.listening(address));
    }

    private Plan closed(int connections) {
        return new Plan.Closed(
                connections, Client.EVENT_LOOP, suite.options.warmUp(), suite.options.measured());
    }

    private Plan open(int perSecond) {
        return new Plan.Open(
                CONNECTIONS, perSecond, suite.options.warmUp(), suite.options.measured());
    }

    /// One that spins takes one of two cores from all that the callers keep busy.
    private Plan sleeping(int perSecond) {
        return new Plan.Open(
                CONNECTIONS,
                perSecond,
                false,
                true,
                suite.options.warmUp(),
                suite.options.measured());
    }
}
