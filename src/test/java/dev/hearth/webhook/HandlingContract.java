package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How stored events reach their handlers, on whichever database: each has one effect.
abstract class HandlingContract extends InboxFixture {
    @Test
    void what_a_handler_writes_and_done_are_committed_together() throws Exception {
        database.write(tx -> tx.update("CREATE TABLE effect (event TEXT)"));
        handlers.on(
                "stripe",
                "thing.changed",
                (event, tx) -> tx.update("INSERT INTO effect VALUES (?)", event.externalId()));
        post(event("evt_1", "o", 1));

        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("it is so", () -> states().equals(List.of("evt_1 done")));
        }

        List<String> effects =
                database.read(tx -> tx.query("SELECT event FROM effect", r -> r.text("event")));
        assertThat(effects).containsExactly("evt_1");
    }

    @Test
    void an_event_without_a_handler_is_ignored() throws Exception {
        post(event("evt_1", "o", 1));

        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("it is so", () -> states().equals(List.of("evt_1 ignored")));
        }
    }

    @Test
    void events_for_which_no_thread_can_be_made_are_given_back_and_handled_later()
            throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        handlers.on("stripe", "*", (event, _) -> handled.add(event.externalId()));
        post(event("evt_1", "o", 1));
        post(event("evt_2", "o", 2));
        AtomicInteger asked = new AtomicInteger();
        Executor lanes =
                work -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    Thread.ofPlatform().start(work);
                };

        try (var _ =
                InboxWorker.start(
                        database, handlers, QUICK, clock, new Counters(), new WakeUp(), lanes)) {
            Await.until(
                    "both are done", () -> states().equals(List.of("evt_1 done", "evt_2 done")));
        }

        assertThat(handled).containsExactly("evt_1", "evt_2");
    }

    @Test
    void the_same_event_fifty_times_at_once_is_one_row_and_one_effect() throws Exception {
        database.write(tx -> tx.update("CREATE TABLE effect (event TEXT)"));
        handlers.on(
                "stripe",
                "*",
                (event, tx) -> tx.update("INSERT INTO effect VALUES (?)", event.externalId()));
        List<String> answers = new CopyOnWriteArrayList<>();
        try (var _ = inbox.startWorker(QUICK);
                var senders = Executors.newFixedThreadPool(50)) {
            for (int i = 0; i < 50; i++) {
                senders.submit(() -> answers.add(text(post(event("evt_1", "o", 1)))));
            }
            senders.shutdown();
            assertThat(senders.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            Await.until("the event is done", () -> states().equals(List.of("evt_1 done")));
        }

        assertThat(answers).hasSize(50);
        assertThat(answers.stream().filter(answer -> answer.contains("false"))).hasSize(1);
        List<String> effects =
                database.read(tx -> tx.query("SELECT event FROM effect", r -> r.text("event")));
        assertThat(effects).containsExactly("evt_1");
    }

    @Test
    void what_a_failed_handler_wrote_is_undone_and_its_tries_are_kept() throws Exception {
        database.write(tx -> tx.update("CREATE TABLE effect (event TEXT)"));
        handlers.on(
                "stripe",
                "*",
                (event, tx) -> {
                    tx.update("INSERT INTO effect VALUES (?)", event.externalId());
                    throw new PermanentFailureException("no such order");
                });
        post(event("evt_1", "o", 1));
        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("the event is dead", () -> states().equals(List.of("evt_1 dead")));
        }

        List<String> effects =
                database.read(tx -> tx.query("SELECT event FROM effect", r -> r.text("event")));
        assertThat(effects).isEmpty();
        InboxEntry dead = inbox.records().find("evt_1").orElseThrow();
        assertThat(dead.lastError()).contains("PermanentFailureException: no such order");
        assertThat(inbox.records().failedAttempts(dead.id()))
                .extracting(InboxEntry.FailedAttempt::number)
                .containsExactly(1);
    }

    @Test
    void an_event_whose_worker_died_goes_on_when_its_lease_ends() throws Exception {
        handlers.on("stripe", "*", (_, _) -> {});
        post(event("evt_1", "o", 1));
        database.write(tx ->
                tx.update(
                        "UPDATE webhook_inbox SET state = 'processing', attempts = 1,"
                                + " lease_owner = 'dead', next_at = ?",
                        clock.instant().plusSeconds(20)));

        try (var _ = inbox.startWorker(QUICK)) {
            post(event("evt_2", "p", 1));
            Await.until("the other is done", () -> states().contains("evt_2 done"));
            assertThat(states()).contains("evt_1 processing");
            clock.advance(Duration.ofSeconds(20));
            Await.until("it goes on", () -> states().contains("evt_1 done"));
        }
    }

    @Test
    void a_worker_whose_lease_was_taken_over_writes_nothing() throws Exception {
        database.write(tx -> tx.update("CREATE TABLE effect (event TEXT)"));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        handlers.on(
                "stripe",
                "*",
                (event, tx) -> {
                    begun.countDown();
                    go.await();
                    tx.update("INSERT INTO effect VALUES (?)", event.externalId());
                });
        post(event("evt_1", "o", 1));
        try (var _ = inbox.startWorker(QUICK)) {
            begun.await();
            database.write(tx -> tx.update("UPDATE webhook_inbox SET lease_owner = 'another'"));
            go.countDown();
        }

        List<String> effects =
                database.read(tx -> tx.query("SELECT event FROM effect", r -> r.text("event")));
        assertThat(effects).isEmpty();
    }
}
