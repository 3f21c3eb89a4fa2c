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
}
