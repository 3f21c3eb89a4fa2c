package dev.hearth.metrics;

import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.web.json.Json;
import dev.hearth.webhook.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells load balancers, supervisors and people how things are: alive, and ready for work.
public final class Readiness {
    // An event that waits behind an earlier one of its object, which is to be tried again, waits
    // rightly.
    private static final String OVERDUE =
            """
            SELECT received_at FROM webhook_inbox one
             WHERE next_at <= ? AND state = 'received'
               AND NOT EXISTS (SELECT 1 FROM webhook_inbox other
                                WHERE other.source = one.source AND other.object_id = one.object_id
                                  AND other.next_at IS NOT NULL AND other.id < one.id)
             ORDER BY next_at LIMIT 1
            """;

    private final Database database;
    private volatile List<Source> sources;
    private final Optional<Payments> payments;
    private final Duration oldest;
    private final InstantSource clock;

    /// `oldest` is how long an event may wait for a worker before this process is not ready.
    public Readiness(
            Database database,
            List<Source> sources,
            Optional<Payments> payments,
            Duration oldest,
            InstantSource clock) {
        this.database = database;
        this.sources = List.copyOf(sources);
        this.payments = payments;
        this.oldest = oldest;
        this.clock = clock;
    }

    /// Looks at these sources from now on: their secrets have changed.
    public void reload(List<Source> changed) {
        sources = List.copyOf(changed);
    }

    /// One thing that must be in order: its name for programs, and what is the matter, for people.
    public record Check(String name, boolean ok, String detail) {}

    private record Report(String status, List<Check> failing) {}

    /// `GET /healthz`: 200 as long as requests are answered at all.
    public Handler alive() {
        return _ -> noStore(Response.json(200, "{\"status\":\"ok\"}\n"));
    }

    /// `GET /readyz`: 200 when a webhook that comes now would be stored and worked on, else 503 with the checks that
    /// fail.
    public Handler ready() {
        return this::ready;
    }

    private Response ready(Request request) {
        List<Check> failing = checks().stream().filter(check -> !check.ok).toList();
        if (failing.isEmpty()) {
            return noStore(Response.json(200, "{\"status\":\"ready\"}\n"));
        }
        return noStore(Json.response(503, new Report("not ready", failing)))
                .withHeader("Retry-After", "5");
    }

    private static Response noStore(Response response) {
        return response.withHeader("Cache-Control", "no-store");
    }

    /// Every check, done now.
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        Check answers = database();
        checks.add(answers);
        if (answers.ok) {
            checks.add(migrations());
            checks.add(oldestEvent());
        }
        for (Source source : sources) {
            checks.add(
                    new Check(
                            "webhook." + source.name(),
                            source.isReady(),
                            source.isReady()
                                    ? "has a secret"
                                    : "the webhook source %s has no secret"
                                            .formatted(source.name())));
        }
        payments.ifPresent(open -> {
            Optional<String> complaint = open.complaint();
            checks.add(
                    new Check(
                            "stripe",
                            complaint.isEmpty(),
                            complaint.orElse("takes the calls that are made")));
        });
        return checks;
    }

    private Check database() {
        try {
            return database.takesWrites()
                    ? new Check("database", true, "answers")
                    : new Check("database", false, "the database can only be read");
        } catch (SQLException lost) {
            return new Check("database", false, "the database does not answer");
        }
    }

    private Check migrations() {
        try {
            boolean newest = database.isUpToDate();
            return new Check(
                    "migrations",
                    newest,
                    newest
                            ? "the schema is the one of this program"
                            : "the schema of the database is not the one of this program");
        } catch (SQLException lost) {
            return new Check("migrations", false, "the schema's version cannot be read");
        }
    }

    private Check oldestEvent() {
        Instant now = clock.instant();
        try {
            Optional<Instant> overdue =
                    database.readWithin(
                            Database.BRIEF,
                            tx ->
                                    tx.first(
                                            OVERDUE,
                                            row -> row.instant("received_at"),
                                            now.minus(oldest)));
            return overdue.map(came ->
                            new Check(
                                    "oldest-event",
                                    false,
                                    "an event waits for a worker since %s, longer than %d s"
                                            .formatted(came, oldest.toSeconds())))
                    .orElseGet(() ->
                            new Check(
                                    "oldest-event",
                                    true,
                                    "no event waits for a worker longer than %d s"
                                            .formatted(oldest.toSeconds())));
        } catch (SQLException lost) {
            return new Check("oldest-event", false, "the inbox cannot be read");
        }
    }
}
