package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.http.Body;
import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// An inbox in a new database, with a clock that the test sets.
abstract class InboxFixture {
    static final Secret SECRET = Secret.of("whsec_test");
    static final WorkerSettings QUICK =
            WorkerSettings.DEFAULT.withTimes(
                    Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMillis(10));

    final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
    final EventHandlers handlers = new EventHandlers();
    Database database;
    Inbox inbox;

    /// A new, empty database.
    abstract DatabaseLocation location();

    @BeforeEach
    final void open() {
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
    final void close() {
        inbox.close();
        database.close();
    }

    Response post(String source, Headers headers, String body) throws Exception {
        return inbox.handler().handle(Posted.to(source, headers, body.getBytes(UTF_8)));
    }

    Response post(String body) throws Exception {
        return post(
                "stripe", StripeScheme.sign(SECRET, body.getBytes(UTF_8), clock.instant()), body);
    }

    static String event(String id, String object, long created) {
        return "{\"id\":\"%s\",\"type\":\"thing.changed\",\"created\":%d,\"data\":{\"object\":{\"id\":\"%s\",\"object\":\"thing\"}}}"
                .formatted(id, created, object);
    }

    static String text(Response response) {
        return response.body() instanceof Body.Bytes(byte[] content)
                ? new String(content, UTF_8)
                : "";
    }

    List<String> states() throws Exception {
        return database.read(tx ->
                tx.query(
                        "SELECT external_id || ' ' || state AS s FROM webhook_inbox ORDER BY id",
                        row -> row.text("s")));
    }
}
