package dev.hearth.app;

import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.webhook.Source;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells load balancers and supervisors how things are: alive, and ready for work.
final class Health {
    private final Database database;
    private final List<Source> sources;
    private final Optional<Payments> payments;

    Health(Database database, List<Source> sources, Optional<Payments> payments) {
        this.database = database;
        this.sources = List.copyOf(sources);
        this.payments = payments;
    }

    /// `GET /healthz`: 200 as long as requests are answered at all.
    Handler alive() {
        return _ -> noStore(Response.json(200, "{\"status\":\"ok\"}\n"));
    }

    /// `GET /readyz`: 200 when a webhook that comes now would be stored, else 503 with every reason.
    Handler ready() {
        return this::ready;
    }

    private Response ready(Request request) {
        List<String> reasons = new ArrayList<>();
        try {
            database.read(tx ->
                    tx.first(
                            "SELECT 1 AS one FROM webhook_inbox LIMIT 1",
                            row -> row.integer("one")));
        } catch (SQLException lost) {
            reasons.add("the database does not answer");
        }
        for (Source source : sources) {
            if (!source.isReady()) {
                reasons.add("the webhook source %s has no secret".formatted(source.name()));
            }
        }
        payments.flatMap(Payments::complaint).ifPresent(reasons::add);
        if (reasons.isEmpty()) {
            return noStore(Response.json(200, "{\"status\":\"ready\"}\n"));
        }
        return noStore(
                Problem.of(503, "not-ready", String.join("; ", reasons) + ".")
                        .toResponse()
                        .withHeader("Retry-After", "5"));
    }

    private static Response noStore(Response response) {
        return response.withHeader("Cache-Control", "no-store");
    }
}
