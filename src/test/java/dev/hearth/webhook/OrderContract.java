package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The order of the events of one object, on whichever database.
abstract class OrderContract extends InboxFixture {
    @Test
    void events_of_one_object_come_in_the_order_of_creation() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        handlers.on("stripe", "*", (event, _) -> seen.add(event.externalId()));
        for (int created : new int[] {5, 3, 4, 1, 2}) {
            post(event("evt_" + created, "o", created));
        }

        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("it is so", () -> seen.size() == 5);
        }

        assertThat(seen).containsExactly("evt_1", "evt_2", "evt_3", "evt_4", "evt_5");
    }

    @Test
    void a_failed_event_waits_and_holds_back_its_object_but_no_other() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicInteger tries = new AtomicInteger();
        handlers.on(
                "stripe",
                "*",
                (event, _) -> {
                    if (event.externalId().equals("evt_1") && tries.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    seen.add(event.externalId());
                });
        post(event("evt_1", "a", 1));
        post(event("evt_2", "a", 2));
        post(event("evt_3", "b", 3));

        try (var _ = inbox.startWorker(QUICK)) {
            Await.until(
                    "it is so",
                    () -> states().equals(List.of("evt_1 retry", "evt_2 received", "evt_3 done")));
            clock.advance(Duration.ofSeconds(12));
            Await.until("it is so", () -> tries.get() == 2);
            Await.until("it is so", () -> states().getFirst().equals("evt_1 retry"));
            clock.advance(Duration.ofSeconds(72));
            Await.until(
                    "it is so",
                    () -> states().equals(List.of("evt_1 done", "evt_2 done", "evt_3 done")));
        }

        assertThat(seen).containsExactly("evt_3", "evt_1", "evt_2");
    }

    @Test
    void a_handler_of_the_latest_gets_the_newest_of_all_that_wait() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        handlers.onLatest("stripe", "thing.changed", (event, _) -> seen.add(event.externalId()));
        for (int created = 1; created <= 4; created++) {
            post(event("evt_" + created, "o", created));
        }

        try (var _ = inbox.startWorker(QUICK)) {
            Await.until(
                    "it is so", () -> states().stream().allMatch(state -> state.endsWith(" done")));
        }

        assertThat(seen).containsExactly("evt_4");
    }

    @Test
    void four_workers_give_each_event_one_effect_and_keep_the_order_of_each_object()
            throws Exception {
        Map<String, List<Long>> seen = new ConcurrentHashMap<>();
        handlers.on(
                "stripe",
                "*",
                (event, _) ->
                        seen.computeIfAbsent(
                                        event.objectId().orElseThrow(),
                                        _ -> new CopyOnWriteArrayList<>())
                                .add(event.created().getEpochSecond()));
        for (int i = 0; i < 200; i++) {
            post(event("evt_" + i, "o" + i % 7, i));
        }
        List<InboxWorker> workers = new ArrayList<>();
        List<Inbox> inboxes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Inbox another = Inbox.open(database, List.of(), handlers, clock);
            inboxes.add(another);
            workers.add(another.startWorker(QUICK.withThreads(2)));
        }
        try {
            Await.until(
                    "all are done",
                    () -> states().stream().allMatch(state -> state.endsWith(" done")));
        } finally {
            workers.forEach(InboxWorker::close);
            inboxes.forEach(Inbox::close);
        }

        assertThat(seen.values().stream().mapToInt(List::size).sum()).isEqualTo(200);
        assertThat(seen.values()).allSatisfy(times -> assertThat(times).isSorted());
    }

    @Test
    void two_of_one_object_are_never_handled_at_once_though_two_processes_store_and_handle()
            throws Exception {
        Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        List<String> together = new CopyOnWriteArrayList<>();
        handlers.on(
                "stripe",
                "*",
                (event, _) -> {
                    AtomicInteger of =
                            underWay.computeIfAbsent(
                                    event.objectId().orElseThrow(), _ -> new AtomicInteger());
                    if (of.incrementAndGet() > 1) {
                        together.add(event.externalId());
                    }
                    Thread.onSpinWait();
                    seen.add(event.externalId());
                    of.decrementAndGet();
                });
        Inbox second =
                Inbox.open(
                        database,
                        List.of(new Source("stripe", new StripeScheme(), List.of(SECRET))),
                        handlers,
                        clock);
        try (var _ = inbox.startWorker(QUICK);
                var _ = second.startWorker(QUICK);
                var senders = Executors.newFixedThreadPool(4)) {
            for (int sender = 0; sender < 4; sender++) {
                int number = sender;
                Inbox into = sender % 2 == 0 ? inbox : second;
                senders.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        byte[] body =
                                event("evt_" + number + "_" + i, "o" + i % 3, i).getBytes(UTF_8);
                        into.handler()
                                .handle(
                                        Posted.to(
                                                "stripe",
                                                StripeScheme.sign(SECRET, body, clock.instant()),
                                                body));
                    }
                    return true;
                });
            }
            Await.until("all are handled", () -> seen.size() >= 400);
            Await.until("all are done", () -> states().stream().allMatch(s -> s.endsWith(" done")));
        }

        assertThat(seen).hasSize(400).doesNotHaveDuplicates();
        assertThat(together).isEmpty();
    }

    @Test
    void very_many_events_of_one_object_keep_their_order_and_let_others_pass() throws Exception {
        int many = 1_000;
        List<String> seen = new CopyOnWriteArrayList<>();
        handlers.on("stripe", "*", (event, _) -> seen.add(event.externalId()));
        for (int i = 0; i < many; i++) {
            post(event("evt_" + i, "busy", i));
        }
        post(event("evt_other", "other", 1));

        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("all are done", () -> states().stream().allMatch(s -> s.endsWith(" done")));
        }

        assertThat(seen.indexOf("evt_other")).isLessThan(many);
        seen.remove("evt_other");
        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, many).mapToObj(i -> "evt_" + i).toList());
    }

    @Test
    void what_stands_behind_an_event_that_was_given_up_by_hand_goes_on() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        handlers.on(
                "stripe",
                "*",
                (event, _) -> {
                    if (event.externalId().equals("evt_1")) {
                        throw new IllegalStateException("not yet");
                    }
                    seen.add(event.externalId());
                });
        post(event("evt_1", "a", 1));
        post(event("evt_2", "a", 2));
        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("it failed", () -> states().contains("evt_1 retry"));
            assertThat(inbox.records().ignore(inbox.records().find("evt_1").orElseThrow().id()))
                    .isTrue();
            Await.until(
                    "the next goes on",
                    () -> states().equals(List.of("evt_1 ignored", "evt_2 done")));
        }
        assertThat(seen).containsExactly("evt_2");
    }
}
