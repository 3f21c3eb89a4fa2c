package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What becomes of events that cannot be handled, on whichever database.
abstract class FailureContract extends InboxFixture {
    @Test
    void an_event_is_dead_after_its_last_try_and_at_once_when_it_can_never_work() throws Exception {
        handlers.on(
                "stripe",
                "*",
                (event, _) -> {
                    if (event.externalId().equals("evt_2")) {
                        throw new PermanentFailureException("unknown object");
                    }
                    throw new IllegalStateException("never");
                });
        post(event("evt_1", "a", 1));
        post(event("evt_2", "b", 2));

        WorkerSettings twice =
                QUICK.withRetries(new RetrySchedule(List.of(Duration.ofSeconds(10))));
        try (var _ = inbox.startWorker(twice)) {
            Await.until("it is so", () -> states().equals(List.of("evt_1 retry", "evt_2 dead")));
            clock.advance(Duration.ofSeconds(12));
            Await.until("it is so", () -> states().equals(List.of("evt_1 dead", "evt_2 dead")));
        }
    }

    private static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    @Test
    void what_no_database_keeps_of_a_failure_stops_no_other_event() throws Exception {
        handlers.on(
                "stripe",
                "*",
                (event, _) -> {
                    switch (event.externalId()) {
                        case "evt_1" -> throw new PermanentFailureException("no customer \0");
                        case "evt_2" -> throw new PermanentFailureException("half \ud83d");
                        case "evt_3" -> throw new BrokenException();
                        default -> {}
                    }
                });
        for (int i = 1; i <= 4; i++) {
            post(event("evt_" + i, "o" + i, i));
        }
        try (var _ = inbox.startWorker(QUICK)) {
            Await.until(
                    "each has its outcome",
                    () ->
                            states().equals(
                                            List.of(
                                                    "evt_1 dead",
                                                    "evt_2 dead",
                                                    "evt_3 retry",
                                                    "evt_4 done")));
        }
        assertThat(inbox.records().find("evt_1").orElseThrow().lastError())
                .contains("PermanentFailureException: no customer \ufffd");
        assertThat(inbox.records().find("evt_3").orElseThrow().lastError().orElseThrow())
                .startsWith("BrokenException: its message cannot be read");
    }

    @Test
    void a_handler_that_takes_too_long_is_interrupted_and_tried_again() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        handlers.on(
                "stripe",
                "*",
                (_, _) -> {
                    if (tries.incrementAndGet() == 1) {
                        new java.util.concurrent.CountDownLatch(1).await();
                    }
                });
        post(event("evt_1", "a", 1));

        WorkerSettings impatient =
                QUICK.withTimes(
                        Duration.ofSeconds(20), Duration.ofMillis(50), Duration.ofMillis(10));
        try (var _ = inbox.startWorker(impatient)) {
            Await.until("it is so", () -> states().equals(List.of("evt_1 retry")));
            clock.advance(Duration.ofSeconds(12));
            Await.until("it is so", () -> states().equals(List.of("evt_1 done")));
        }
    }

    @Test
    void a_dead_event_can_be_replayed_alone_or_with_others() throws Exception {
        AtomicBoolean mended = new AtomicBoolean();
        handlers.on(
                "stripe",
                "*",
                (_, _) -> {
                    if (!mended.get()) {
                        throw new PermanentFailureException("not yet");
                    }
                });
        for (int i = 1; i <= 3; i++) {
            post(event("evt_" + i, "o" + i, i));
        }
        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("all dead", () -> states().stream().allMatch(s -> s.endsWith("dead")));
            mended.set(true);
            String id = inbox.records().find("evt_2").orElseThrow().id();
            assertThat(inbox.records().replay(id)).isTrue();
            Await.until("one done", () -> states().contains("evt_2 done"));
            assertThat(inbox.records().replay(InboxFilter.ALL.in(InboxState.DEAD))).isEqualTo(2);
            Await.until("all done", () -> states().stream().allMatch(s -> s.endsWith("done")));
            assertThat(inbox.records().find("evt_2").orElseThrow().attempts()).isEqualTo(2);
            assertThat(inbox.records().replay("nothing")).isFalse();
        }
    }

    /// As if the process that handles them had died: what is in hand stays so until the lease ends.
    private void loseLeases() throws Exception {
        database.write(tx ->
                tx.update(
                        "UPDATE webhook_inbox SET state = 'processing', lease_owner = 'dead',"
                                + " attempts = attempts + 1, next_at = ? WHERE state <> 'dead'",
                        clock.instant()));
    }

    private List<InboxClaims.Run> claim(int limit, boolean takesSuspect) throws Exception {
        InboxClaims.Claimant claimant =
                new InboxClaims.Claimant(
                        "other",
                        clock.instant().plusSeconds(20),
                        _ -> false,
                        _ -> false,
                        takesSuspect,
                        _ -> {},
                        handlers::takesLatest);
        return database.write(
                tx -> InboxClaims.claim(tx, claimant, clock.instant(), limit, List.of()));
    }

    private static List<String> names(List<InboxClaims.Run> runs) {
        return runs.stream()
                .flatMap(run -> run.steps().stream())
                .map(step -> step.event().externalId())
                .toList();
    }

    @Test
    void of_events_that_lost_two_leases_one_is_claimed_at_a_time_and_others_pass()
            throws Exception {
        for (int i = 1; i <= 3; i++) {
            post(event("evt_" + i, "o" + i, i));
        }
        loseLeases();
        assertThat(names(claim(10, true))).containsExactlyInAnyOrder("evt_1", "evt_2", "evt_3");
        loseLeases();
        post(event("evt_4", "o4", 4));

        assertThat(names(claim(10, false))).containsExactly("evt_4");
        assertThat(names(claim(10, true))).hasSize(1).isSubsetOf("evt_1", "evt_2", "evt_3");
    }

    @Test
    void what_belongs_to_the_object_of_a_suspect_event_waits_for_it() throws Exception {
        post(event("evt_1", "o", 1));
        loseLeases();
        claim(10, true);
        loseLeases();
        post(event("evt_2", "o", 2));

        assertThat(names(claim(10, false))).isEmpty();
        assertThat(names(claim(10, true))).containsExactly("evt_1");
        assertThat(names(claim(10, true))).isEmpty();
    }

    @Test
    void an_event_that_goes_on_losing_leases_is_dead_and_can_be_replayed() throws Exception {
        handlers.on("stripe", "*", (_, _) -> {});
        post(event("evt_1", "o", 1));
        for (int lost = 1; lost < LostLeases.MOST; lost++) {
            loseLeases();
            assertThat(names(claim(10, true))).containsExactly("evt_1");
        }
        loseLeases();
        assertThat(claim(10, true)).isEmpty();
        assertThat(states()).containsExactly("evt_1 dead");
        InboxEntry dead = inbox.records().find("evt_1").orElseThrow();
        assertThat(dead.lastError()).hasValueSatisfying(e -> assertThat(e).contains("5 times"));
        assertThat(inbox.records().failedAttempts(dead.id())).hasSize(1);

        assertThat(inbox.records().replay(dead.id())).isTrue();
        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("it is done", () -> states().equals(List.of("evt_1 done")));
        }
    }
}
