package dev.hearth.webhook;

import static java.util.Objects.requireNonNull;

import dev.hearth.http.Headers;
import dev.hearth.storage.Database;
import dev.hearth.webhook.OutboxQueue.Message;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers the messages of the outbox, until closed. A slow or dead endpoint takes its own few threads and
/// nobody else's.
public final class OutboxSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutboxSender.class);

    /// Longer than any attempt takes, so no lease needs to be renewed.
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int AT_ONCE_PER_ENDPOINT = 4;
    private static final int GONE = 410;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    /// One endpoint and how it fares.
    private record Lane(
            Supplier<Endpoint> current,
            CircuitBreaker breaker,
            AtomicInteger inFlight,
            ExecutorService threads) {
        /// As it is configured at this moment.
        Endpoint endpoint() {
            return current.get();
        }
    }

    private final Database database;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final RetrySchedule retries;
    private final InstantSource clock;
    private final WakeUp wakeUp;
    private final Supplier<SSLSocketFactory> tls;
    private final BiFunction<Endpoint, Message, Consumer<String>> watch;
    private final String owner = UUID.randomUUID().toString();
    private final RandomGenerator jitter = RandomGenerator.getDefault();
    private final Map<String, Boolean> inHand = new ConcurrentHashMap<>();
    private final Thread dispatcher;
    private volatile boolean closing;

    private OutboxSender(
            Database database,
            Supplier<Map<String, Endpoint>> endpoints,
            RetrySchedule retries,
            InstantSource clock,
            WakeUp wakeUp,
            Supplier<SSLSocketFactory> tls,
            BiFunction<Endpoint, Message, Consumer<String>> watch) {
        this.database = database;
        this.retries = retries;
        this.clock = clock;
        this.wakeUp = wakeUp;
        this.tls = tls;
        this.watch = watch;
        endpoints
                .get()
                .keySet()
                .forEach(name ->
                        lanes.put(
                                name,
                                new Lane(
                                        () -> requireNonNull(endpoints.get().get(name)),
                                        new CircuitBreaker(),
                                        new AtomicInteger(),
                                        Executors.newFixedThreadPool(
                                                AT_ONCE_PER_ENDPOINT,
                                                Thread.ofPlatform()
                                                        .name("outbox-" + name + "-", 1)
                                                        .factory()))));
        this.dispatcher = Thread.ofPlatform().name("outbox-dispatcher").unstarted(this::dispatch);
    }

    /// @param watch is told of each attempt, and then how it ended: see [DeliveryWatch]
    static OutboxSender start(
            Database database,
            Supplier<Map<String, Endpoint>> endpoints,
            RetrySchedule retries,
            InstantSource clock,
            WakeUp wakeUp,
            Supplier<SSLSocketFactory> tls,
            BiFunction<Endpoint, Message, Consumer<String>> watch) {
        OutboxSender sender =
                new OutboxSender(database, endpoints, retries, clock, wakeUp, tls, watch);
        sender.dispatcher.start();
        return sender;
    }

    private void dispatch() {
        try {
            while (!closing) {
                for (Lane lane : lanes.values()) {
                    fill(lane);
                }
                wakeUp.await(POLL.toMillis());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void fill(Lane lane) throws InterruptedException {
        Instant now = clock.instant();
        int free = lane.breaker.permits(now, AT_ONCE_PER_ENDPOINT - lane.inFlight.get());
        if (free <= 0) {
            return;
        }
        try {
            List<Message> due =
                    database.writeWithin(
                            Database.BRIEF,
                            tx ->
                                    OutboxQueue.claim(
                                            tx,
                                            lane.endpoint().name(),
                                            owner,
                                            now,
                                            now.plus(LEASE),
                                            free));
            for (Message message : due) {
                if (inHand.putIfAbsent(message.id(), true) == null) {
                    lane.breaker.sending(now);
                    lane.inFlight.incrementAndGet();
                    lane.threads.execute(() -> send(lane, message));
                }
            }
        } catch (SQLException failed) {
            log.error("outbox cannot use the database, tries again", failed);
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private void send(Lane lane, Message message) {
        try {
            attempt(lane, message);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException failed) {
            log.error(
                    "attempt {} of {} could not be written down",
                    message.attempt(),
                    message.id(),
                    failed);
        } finally {
            inHand.remove(message.id());
            lane.inFlight.decrementAndGet();
            wakeUp.signal();
        }
    }

    /// What came of posting a message; the status is 0 where nobody answered.
    private record Posted(int status, Optional<Duration> retryAfter, Optional<String> error) {}

    private Posted post(Endpoint endpoint, Message message, Instant now) {
        Consumer<String> watched = watch.apply(endpoint, message);
        String outcome = "no_answer";
        try {
            Headers headers =
                    StandardScheme.sign(
                            secretsAt(endpoint, now), message.id(), message.body(), now);
            OutgoingHttp.Answer answer = OutgoingHttp.post(endpoint, headers, message.body(), tls);
            outcome = Integer.toString(answer.status());
            return new Posted(
                    answer.status(),
                    answer.retryAfter(),
                    isSuccess(answer.status())
                            ? Optional.empty()
                            : Optional.of("answered " + answer.status()));
        } catch (IOException unreachable) {
            return new Posted(
                    0, Optional.empty(), Optional.of(String.valueOf(unreachable.getMessage())));
        } finally {
            watched.accept(outcome);
        }
    }

    private void attempt(Lane lane, Message message) throws SQLException, InterruptedException {
        Endpoint endpoint = lane.endpoint();
        Instant started = clock.instant();
        Posted posted = post(endpoint, message, started);
        Instant ended = clock.instant();
        boolean delivered = isSuccess(posted.status);
        if (delivered) {
            lane.breaker.succeeded();
        } else {
            lane.breaker.failed(ended);
        }
        Optional<Instant> retryAt =
                delivered || posted.status == GONE
                        ? Optional.empty()
                        : retryAt(message, ended, posted.retryAfter);
        if (!delivered) {
            log.warn(
                    "webhook {} to {} failed at attempt {}: {}, {}",
                    message.id(),
                    endpoint,
                    message.attempt(),
                    posted.error.orElse(""),
                    retryAt.map(at -> "next try " + at).orElse("given up"));
        }
        OutboxEntry.Try made =
                new OutboxEntry.Try(message.attempt(), started, ended, posted.status, posted.error);
        writeDown(message, made, delivered, retryAt);
    }

    /// Goes on trying while the database is away: what was delivered and is not written down would be sent again.
    private void writeDown(
            Message message, OutboxEntry.Try made, boolean delivered, Optional<Instant> retryAt)
            throws SQLException, InterruptedException {
        while (true) {
            try {
                database.<Boolean, SQLException>writeWithin(
                        Database.BRIEF,
                        tx -> {
                            OutboxQueue.settle(tx, owner, message, made, delivered, retryAt);
                            return true;
                        });
                return;
            } catch (SQLException away) {
                if (closing || !database.dialect().isAway(away)) {
                    throw away;
                }
                log.warn(
                        "attempt {} of {} cannot be written down, tries again: {}",
                        message.attempt(),
                        message.id(),
                        away.getMessage());
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    private static List<Secret> secretsAt(Endpoint endpoint, Instant now) throws IOException {
        List<Secret> counting =
                endpoint.secrets().stream().filter(secret -> secret.countsAt(now)).toList();
        if (counting.isEmpty()) {
            throw new IOException("every secret of the endpoint has ended");
        }
        return counting;
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    /// The schedule's next time, or later where the receiver asks for it.
    private Optional<Instant> retryAt(
            Message message, Instant ended, Optional<Duration> retryAfter) {
        Duration pause = retryAfter.orElse(Duration.ZERO);
        Instant asked =
                ended.plus(pause.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : pause);
        return retries.afterFailure(message.attempt(), ended, jitter)
                .map(scheduled -> scheduled.isBefore(asked) ? asked : scheduled);
    }

    /// How each endpoint is treated now.
    Map<String, EndpointHealth.Circuit> circuits() {
        Map<String, EndpointHealth.Circuit> circuits = new HashMap<>();
        lanes.forEach((name, lane) -> circuits.put(name, lane.breaker.circuit(clock.instant())));
        return circuits;
    }

    /// Sends nothing more and lets the attempts that run come to their end, which is soon.
    @Override
    public void close() {
        closing = true;
        wakeUp.signal();
        try {
            dispatcher.join();
            lanes.values().forEach(lane -> lane.threads.shutdown());
            for (Lane lane : lanes.values()) {
                if (!lane.threads.awaitTermination(20, TimeUnit.SECONDS)) {
                    log.warn(
                            "an attempt to {} still runs; its lease ends by itself",
                            lane.endpoint());
                }
            }
        } catch (InterruptedException hurried) {
            dispatcher.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
