package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.http.Body;
import dev.hearth.http.Headers;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Response;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.TestClock;
import dev.hearth.testing.Await;
import dev.hearth.webhook.Counters.Counter;
import java.io.BufferedReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the inbox does, on whichever database.
abstract class InboxContract {
    private static final Secret SECRET = Secret.of("whsec_test");
    private static final WorkerSettings QUICK =
            WorkerSettings.DEFAULT.withTimes(
                    Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMillis(10));

    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final EventHandlers handlers = new EventHandlers();
    private Database database;
    private Inbox inbox;

    /// A new, empty database.
    abstract DatabaseLocation location();

    @BeforeEach
    void open() {
        database = Database.open(location());
        inbox =
                Inbox.open(
                        database,
                        List.of(
                                new Source("stripe", new StripeScheme(), List.of(SECRET)),
                                new Source("later", new StripeScheme(), List.of())),
                        handlers,
                        clock);
    }

    @AfterEach
    void close() {
        inbox.close();
        database.close();
    }

    private Response post(String source, Headers headers, String body) throws Exception {
        return inbox.handler().handle(Posted.to(source, headers, body.getBytes(UTF_8)));
    }

    private Response post(String body) throws Exception {
        return post(
                "stripe", StripeScheme.sign(SECRET, body.getBytes(UTF_8), clock.instant()), body);
    }

    private static String event(String id, String object, long created) {
        return "{\"id\":\"%s\",\"type\":\"thing.changed\",\"created\":%d,\"data\":{\"object\":{\"id\":\"%s\",\"object\":\"thing\"}}}"
                .formatted(id, created, object);
    }

    private static String text(Response response) {
        return response.body() instanceof Body.Bytes(byte[] content)
                ? new String(content, UTF_8)
                : "";
    }

    private List<String> states() throws Exception {
        return database.read(tx ->
                tx.query(
                        "SELECT external_id || ' ' || state AS s FROM webhook_inbox ORDER BY id",
                        row -> row.text("s")));
    }

    @Test
    void a_genuine_event_is_stored_and_answered_with_its_id() throws Exception {
        Response response = post(event("evt_1", "o", 1));

        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).matches("\\{\"id\":\"[0-9a-f-]{36}\",\"duplicate\":false}\n");
        assertThat(states()).containsExactly("evt_1 received");
    }

    @Test
    void the_same_event_again_is_a_duplicate_of_the_first() throws Exception {
        String first = text(post(event("evt_1", "o", 1)));
        Response again = post(event("evt_1", "o", 1));

        assertThat(again.status()).isEqualTo(200);
        assertThat(text(again)).isEqualTo(first.replace("false", "true"));
        assertThat(states()).hasSize(1);
    }

    @Test
    void the_same_id_with_another_body_keeps_the_first_and_is_counted() throws Exception {
        post(event("evt_1", "o", 1));
        Response other = post(event("evt_1", "p", 1));

        assertThat(other.status()).isEqualTo(200);
        assertThat(text(other)).contains("\"duplicate\":true");
        assertThat(inbox.counters().get(Counter.CONFLICTING)).isOne();
    }

    @Test
    void every_bad_signature_gets_the_same_answer_and_leaves_no_row() throws Exception {
        String body = event("evt_1", "o", 1);
        Headers good = StripeScheme.sign(SECRET, body.getBytes(UTF_8), clock.instant());
        List<Response> answers = new ArrayList<>();
        answers.add(post("stripe", Headers.EMPTY, body));
        answers.add(post("stripe", Headers.of("Stripe-Signature", "t"), body));
        answers.add(post("stripe", good, body + " "));
        clock.advance(Duration.ofSeconds(301));
        answers.add(post("stripe", good, body));

        assertThat(answers).extracting(Response::status).containsOnly(400);
        assertThat(answers).extracting(InboxContract::text).containsOnly(text(answers.getFirst()));
        assertThat(text(answers.getFirst())).contains("urn:hearth:problem:invalid-signature");
        assertThat(states()).isEmpty();
    }

    @Test
    void an_unknown_source_is_404_and_one_without_a_secret_503() throws Exception {
        assertThat(post("nobody", Headers.EMPTY, "{}").status()).isEqualTo(404);
        Response later = post("later", Headers.EMPTY, "{}");
        assertThat(later.status()).isEqualTo(503);
        assertThat(later.headers().first("Retry-After")).isPresent();
    }

    @Test
    void a_secret_that_comes_later_needs_no_restart() throws Exception {
        inbox.reload(
                List.of(new Source("later", new StripeScheme(), List.of(Secret.of("whsec_x")))));
        byte[] body = event("evt_1", "o", 1).getBytes(UTF_8);

        Response response =
                inbox.handler()
                        .handle(
                                Posted.to(
                                        "later",
                                        StripeScheme.sign(
                                                Secret.of("whsec_x"), body, clock.instant()),
                                        body));

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void a_genuine_request_that_is_no_event_is_refused_and_leaves_no_row() throws Exception {
        Response response = post("[]");

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response)).contains("urn:hearth:problem:unreadable-event");
        assertThat(states()).isEmpty();
    }

    @Test
    void a_closed_database_is_503_with_retry_after() throws Exception {
        database.close();
        Response response = post(event("evt_1", "o", 1));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers().first("Retry-After")).isPresent();
    }

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

    @Test
    void the_list_is_newest_first_and_filtered() throws Exception {
        post(event("evt_1", "o", 1));
        clock.advance(Duration.ofHours(1));
        post(event("evt_2", "o", 2));

        InboxRecords records = inbox.records();
        assertThat(records.list(InboxFilter.ALL))
                .extracting(InboxEntry::externalId)
                .containsExactly("evt_2", "evt_1");
        assertThat(records.list(InboxFilter.ALL.atMost(1))).hasSize(1);
        assertThat(records.list(InboxFilter.ALL.in(InboxState.DEAD))).isEmpty();
        assertThat(
                        records.list(
                                InboxFilter.ALL.between(
                                        Optional.of(clock.instant()), Optional.empty())))
                .extracting(InboxEntry::externalId)
                .containsExactly("evt_2");
        assertThat(records.backlog()).containsEntry(InboxState.RECEIVED, 2L);
        assertThat(records.oldestWaiting()).contains(clock.instant().minus(Duration.ofHours(1)));
        InboxEntry entry = records.find("evt_1").orElseThrow();
        assertThat(records.find(entry.id())).contains(entry);
        assertThat(new String(records.body(entry.id()).orElseThrow(), UTF_8))
                .isEqualTo(event("evt_1", "o", 1));
    }

    @Test
    void old_bodies_are_forgotten_but_their_events_still_known() throws Exception {
        post(event("evt_1", "o", 1));
        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("ignored", () -> states().equals(List.of("evt_1 ignored")));
        }
        post(event("evt_2", "o", 2));
        clock.advance(Duration.ofDays(91));
        Instant bodies = clock.instant().minus(Duration.ofDays(90));
        Instant rows = clock.instant().minus(Duration.ofDays(400));

        assertThat(inbox.records().forget(bodies, rows)).isOne();

        InboxEntry forgotten = inbox.records().find("evt_1").orElseThrow();
        assertThat(forgotten.hasBody()).isFalse();
        assertThat(inbox.records().replay(forgotten.id())).isFalse();
        assertThat(inbox.records().find("evt_2").orElseThrow().hasBody()).isTrue();
        assertThat(text(post(event("evt_1", "o", 1)))).contains("\"duplicate\":true");

        clock.advance(Duration.ofDays(400));
        inbox.records().forget(bodies, clock.instant().minus(Duration.ofDays(400)));
        assertThat(inbox.records().find("evt_1")).isEmpty();
    }

    @Test
    void what_is_exported_can_be_imported_and_twice_changes_nothing() throws Exception {
        String umlaut = event("evt_1", "o", 1).replace("thing\"}", "Zürich €\"}");
        post(umlaut);
        post(event("evt_2", "o", 2));
        StringWriter lines = new StringWriter();
        assertThat(new InboxFiles(database).exportTo(lines, InboxFilter.ALL)).isEqualTo(2);
        List<InboxEntry> before = inbox.records().list(InboxFilter.ALL);
        database.write(tx -> tx.update("DELETE FROM webhook_inbox"));

        InboxFiles files = new InboxFiles(database);
        assertThat(files.importFrom(new BufferedReader(new StringReader(lines.toString()))))
                .isEqualTo(new InboxFiles.Imported(2, 0));
        assertThat(files.importFrom(new BufferedReader(new StringReader(lines.toString()))))
                .isEqualTo(new InboxFiles.Imported(0, 2));

        assertThat(inbox.records().list(InboxFilter.ALL)).isEqualTo(before);
        String id = inbox.records().find("evt_1").orElseThrow().id();
        assertThat(new String(inbox.records().body(id).orElseThrow(), UTF_8)).isEqualTo(umlaut);
    }

    @Test
    void a_damaged_line_is_refused_with_its_number() throws Exception {
        post(event("evt_1", "o", 1));
        StringWriter lines = new StringWriter();
        new InboxFiles(database).exportTo(lines, InboxFilter.ALL);
        String altered = lines.toString().replaceFirst("\"sha256\":\"..", "\"sha256\":\"00");

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new InboxFiles(database)
                                .importFrom(new BufferedReader(new StringReader(lines + altered))))
                .withMessageContaining("line 2");
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

    @Test
    void a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_refused_unread() throws Exception {
        String head = event("evt_1", "o", 1);
        String largest = head.substring(0, head.length() - 1) + ",\"x\":\"";
        largest += "x".repeat((1 << 20) - largest.length() - 2) + "\"}";
        assertThat(largest).hasSize(1 << 20);

        assertThat(post(largest).status()).isEqualTo(200);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() ->
                        inbox.handler()
                                .handle(
                                        Posted.with(
                                                "stripe",
                                                Headers.EMPTY,
                                                new byte[0],
                                                (1 << 20) + 1)))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(413));
    }
}
