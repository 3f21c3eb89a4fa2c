package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.operator.EventPages.PathSegment;
import dev.hearth.web.Forms;
import dev.hearth.webhook.Outbox;
import dev.hearth.webhook.OutboxEntry;
import dev.hearth.webhook.OutboxFilter;
import dev.hearth.webhook.OutboxRecords;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Webhooks that we send: where to, what was tried, and again.
final class OutgoingPages {
    private static final int ROWS = 50;
    private static final List<String> STATES = List.of("waiting", "sending", "delivered", "dead");

    private final Outbox outbox;
    private final OutboxRecords records;
    private final Audit audit;
    private final Pages pages;
    private final String prefix;

    OutgoingPages(Outbox outbox, Audit audit, Pages pages, String prefix) {
        this.outbox = outbox;
        this.records = outbox.records();
        this.audit = audit;
        this.pages = pages;
        this.prefix = prefix;
    }

    record OutgoingList(
            Map<String, String> faults,
            String state,
            String endpoint,
            List<String> states,
            Map<String, OutboxRecords.Backlog> endpoints,
            Set<String> unknown,
            List<OutboxEntry> messages,
            Optional<String> older) {
        /// Whether nobody sends to an endpoint of this name: what waits for it waits for ever.
        boolean isUnknown(String endpoint) {
            return unknown.contains(endpoint);
        }

        String fault(String field) {
            return faults.getOrDefault(field, "");
        }
    }

    Response list(Request request) throws SQLException {
        Asked asked = Asked.of(request);
        String state = asked.text("state");
        String endpoint = asked.text("endpoint");
        Map<String, String> faults = asked.faults("endpoint", "state", STATES);
        OutboxFilter filter = OutboxFilter.ALL.atMost(ROWS);
        filter = state.isEmpty() || !faults.isEmpty() ? filter : filter.in(state);
        filter = endpoint.isEmpty() ? filter : filter.to(endpoint);
        String after = asked.place("after");
        filter = after.isEmpty() ? filter : filter.after(after);
        List<OutboxEntry> found = faults.isEmpty() ? records.list(filter) : List.of();
        Optional<String> older =
                found.size() < ROWS
                        ? Optional.empty()
                        : Optional.of(
                                "%s/outgoing?state=%s&endpoint=%s&after=%s"
                                        .formatted(
                                                prefix,
                                                new PathSegment(state),
                                                new PathSegment(endpoint),
                                                new PathSegment(found.getLast().id())));
        Map<String, OutboxRecords.Backlog> endpoints = new TreeMap<>(records.backlog());
        Set<String> unknown = new TreeSet<>(endpoints.keySet());
        unknown.removeIf(outbox::hasEndpoint);
        return pages.page(
                request,
                faults.isEmpty() ? 200 : 422,
                "Outgoing webhooks",
                "outgoing",
                new OutgoingList(
                        faults, state, endpoint, STATES, endpoints, unknown, found, older));
    }

    record MessagePage(OutboxEntry message, Optional<JsonText> body) {}

    Response show(Request request) throws SQLException {
        OutboxEntry message =
                records.find(request.pathParameter("id"))
                        .orElseThrow(() ->
                                Problem.of(404, "not-found", "There is no such message.").refuse());
        return pages.page(
                request,
                message.type(),
                "message",
                new MessagePage(message, records.body(message.id()).map(JsonText::of)));
    }

    Response retry(Request request) throws Exception {
        String id = Forms.read(request).first("id").orElse("");
        boolean done = records.retry(id);
        audit.add(
                request,
                SignIn.of(request).operator().name(),
                "retry",
                "message " + id,
                done ? "done" : "unchanged");
        return Response.seeOther(
                prefix
                        + "/outgoing/"
                        + new PathSegment(id)
                        + "?done="
                        + (done ? "retried" : "unchanged"));
    }
}
