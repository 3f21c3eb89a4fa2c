package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.hearth.storage.Database;
import dev.hearth.testing.Await;
import dev.hearth.testing.PostgresServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Webhooks that are on their way while their database goes away.
class OutboxFaultsIT {
    private static final Secret SECRET = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private final PostgresServer postgres = PostgresServer.start();
    private final Semaphore arrived = new Semaphore(0);
    private final CountDownLatch answer = new CountDownLatch(1);
    private HttpServer receiver;

    @BeforeEach
    final void open() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newCachedThreadPool());
        receiver.createContext(
                "/",
                exchange -> {
                    arrived.release();
                    try {
                        answer.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        receiver.start();
    }

    @AfterEach
    final void close() {
        receiver.stop(0);
        postgres.close();
    }

    private Endpoint endpoint() {
        URI url = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
        return new Endpoint("partner", url, List.of(SECRET), true);
    }

    @Test
    void what_arrived_while_the_database_was_away_is_not_sent_again() throws Exception {
        try (Database database = Database.open(postgres.newDatabase())) {
            Outbox outbox = Outbox.open(database, List.of(endpoint()), InstantSource.system());
            try (var _ = outbox.startSender()) {
                String id = database.write(tx -> outbox.notify(tx, "partner", "a", "{}"));
                arrived.acquire();
                postgres.stop("immediate");
                answer.countDown();
                postgres.begin();
                Await.until(
                        "it is written down, long before its lease ends",
                        () ->
                                outbox.records()
                                        .find(id)
                                        .filter(message -> message.state().equals("delivered"))
                                        .filter(message -> message.tries().size() == 1)
                                        .isPresent());
            }
        }
        assertThat(arrived.availablePermits()).as("sent once").isZero();
    }

    @Test
    void one_that_was_claimed_once_more_by_the_process_that_has_it_in_hand_is_written_down()
            throws Exception {
        try (Database database = Database.open(postgres.newDatabase())) {
            Outbox outbox = Outbox.open(database, List.of(endpoint()), InstantSource.system());
            try (var _ = outbox.startSender()) {
                String id = database.write(tx -> outbox.notify(tx, "partner", "a", "{}"));
                arrived.acquire();
                database.write(tx -> tx.update("UPDATE outgoing_webhook SET next_at = 0"));
                Await.until(
                        "it is claimed again",
                        () -> outbox.records().find(id).orElseThrow().attempts() == 2);
                answer.countDown();
                Await.until(
                        "it is delivered, by its one attempt",
                        () ->
                                outbox.records()
                                        .find(id)
                                        .filter(message -> message.state().equals("delivered"))
                                        .filter(message -> message.attempts() == 1)
                                        .isPresent());
            }
        }
        assertThat(arrived.availablePermits()).as("sent once").isZero();
    }
}
