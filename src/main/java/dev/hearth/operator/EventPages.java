package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Query;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.Forms;
import dev.hearth.webhook.DeadGroup;
import dev.hearth.webhook.DeadLetters;
import dev.hearth.webhook.InboxEntry;
import dev.hearth.webhook.InboxFilter;
import dev.hearth.webhook.InboxPage;
import dev.hearth.webhook.InboxRecords;
import dev.hearth.webhook.InboxSearch;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The stored events: search, one in detail, the dead ones; replay and ignore.
final class EventPages {
    private static final int ROWS = 50;

    private final InboxRecords records;
    private final InboxSearch search;
    private final DeadLetters deadLetters;
    private final Audit audit;
    private final Pages pages;
    private final String prefix;

    EventPages(
            InboxRecords records,
            InboxSearch search,
            DeadLetters deadLetters,
            Audit audit,
            Pages pages,
            String prefix) {
        this.records = records;
        this.search = search;
        this.deadLetters = deadLetters;
        this.audit = audit;
        this.pages = pages;
        this.prefix = prefix;
    }

    /// The list with its search form. `older` is the address of the next page.
    record EventList(
            EventSearch asked,
            List<InboxEntry> entries,
            Optional<String> older,
            Optional<Instant> lookedBackTo,
            String self) {}

    Response list(Request request) throws SQLException {
        EventSearch asked = EventSearch.of(Asked.of(request));
        Optional<InboxFilter> filter = asked.filter();
        InboxPage found =
                filter.isPresent()
                        ? search.page(filter.get().atMost(ROWS))
                        : new InboxPage(List.of(), Optional.empty(), Optional.empty());
        EventList page =
                new EventList(
                        asked,
                        found.entries(),
                        found.next().map(next -> prefix + "/events?" + asked.query(next)),
                        found.lookedBackTo(),
                        prefix + "/events?" + asked.query(asked.after()));
        return pages.page(request, filter.isPresent() ? 200 : 422, "Events", "events", page);
    }

    /// One event. `body` is made readable where it is JSON.
    record EventPage(
            InboxEntry event,
            List<Field> headers,
            List<InboxEntry.FailedAttempt> attempts,
            Optional<JsonText> body) {}

    Response show(Request request) throws SQLException {
        InboxEntry event = find(request);
        EventPage page =
                new EventPage(
                        event,
                        JsonText.fields(event.headersJson()),
                        records.failedAttempts(event.id()),
                        records.body(event.id()).map(JsonText::of));
        return pages.page(request, event.type(), "event", page);
    }

    private InboxEntry find(Request request) throws SQLException {
        return records.find(request.pathParameter("id"))
                .orElseThrow(
                        () -> Problem.of(404, "not-found", "There is no such event.").refuse());
    }

    /// The body byte for byte, as a file: never shown as a page.
    Response body(Request request) throws SQLException {
        InboxEntry event = find(request);
        byte[] body =
                records.body(event.id())
                        .orElseThrow(() ->
                                Problem.of(404, "not-found", "The body was forgotten.").refuse());
        return Response.bytes(200, "application/octet-stream", body)
                .withHeader(
                        "Content-Disposition",
                        "attachment; filename=\"event-%s.json\"".formatted(event.id()))
                .withHeader("Cache-Control", "no-store");
    }

    Response replay(Request request) throws Exception {
        List<String> ids = chosen(request);
        int changed = 0;
        for (String id : ids) {
            changed += records.replay(id) ? 1 : 0;
        }
        return done(request, "replay", ids, changed, "replayed");
    }

    Response ignore(Request request) throws Exception {
        List<String> ids = chosen(request);
        int changed = 0;
        for (String id : ids) {
            changed += records.ignore(id) ? 1 : 0;
        }
        return done(request, "ignore", ids, changed, "ignored");
    }

    private static List<String> chosen(Request request) throws Exception {
        List<String> ids = Forms.read(request).all("id");
        if (ids.isEmpty() || ids.size() > ROWS) {
            throw Problem.of(422, "nothing-chosen", "Choose 1 to %d events.".formatted(ROWS))
                    .refuse();
        }
        return ids;
    }

    private Response done(
            Request request, String action, List<String> ids, int changed, String notice)
            throws Exception {
        String name = SignIn.of(request).operator().name();
        audit.add(
                request,
                name,
                action,
                ids.size() == 1 ? "event " + ids.getFirst() : ids.size() + " events",
                changed + " of " + ids.size() + " changed");
        String done = "done=" + (changed > 0 ? notice : "unchanged");
        return Response.seeOther(
                ids.size() == 1
                        ? prefix + "/events/" + new PathSegment(ids.getFirst()) + "?" + done
                        : prefix + "/events?" + done);
    }

    /// The dead events, by what they died of.
    record DeadPage(List<DeadGroup> groups) {}

    Response dead(Request request) throws SQLException {
        return pages.page(request, "Dead letters", "dead", new DeadPage(deadLetters.groups()));
    }

    /// Replays the group that a row showed: what has joined it since, or left it, is not meant.
    Response replayDead(Request request) throws Exception {
        Query form = Forms.read(request);
        DeadGroup.Likeness likeness =
                new DeadGroup.Likeness(
                        said(form, "source"), said(form, "type"), form.first("error").orElse(""));
        int changed = deadLetters.replay(likeness, said(form, "oldest"), said(form, "newest"));
        audit.add(
                request,
                SignIn.of(request).operator().name(),
                "replay dead",
                "%s %s: %s".formatted(likeness.source(), likeness.type(), likeness.error()),
                changed + " put back");
        return Response.seeOther(prefix + "/dead?done=" + (changed > 0 ? "replayed" : "unchanged"));
    }

    private static String said(Query form, String field) {
        return form.first(field)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() ->
                        Problem.of(422, "nothing-chosen", "Say which dead events: " + field + ".")
                                .refuse());
    }

    /// A name and a value, to be shown beside each other.
    record Field(String name, String value) {}

    /// Text as one segment of a path.
    record PathSegment(String text) {
        @Override
        public String toString() {
            List<String> octets = new ArrayList<>();
            for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
                boolean plain = Character.isLetterOrDigit(octet) || "-_.".indexOf(octet) >= 0;
                octets.add(plain ? String.valueOf((char) octet) : "%%%02X".formatted(octet & 0xff));
            }
            return String.join("", octets);
        }
    }
}
