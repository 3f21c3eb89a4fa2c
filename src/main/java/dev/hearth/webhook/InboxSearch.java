package dev.hearth.webhook;

import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks through the stored events, for pages that people wait for: however many there are, each question
/// is answered quickly, and where that means that not all was looked at, the answer says so.
///
/// Indexes lead to the events of an object, to dead ones and to those that wait. All else is found by going
/// back through time, so a period makes rare things quick to find.
public final class InboxSearch {
    /// Enough for a page, and well under what a person notices.
    private static final Duration BUDGET = Duration.ofMillis(150);

    /// Events that are looked at in one go.
    private static final int STRIDE = 10_000;

    /// The same where their bodies are read: a body can have a megabyte, so a few at first, and more while that is quick.
    private static final int FEW_BODIES = 32;

    private static final int MANY_BODIES = 512;

    /// Counts end here: it is said to be so many, or more.
    public static final long MOST_COUNTED = 100_000;

    /// In the order of an index, so that it is used whatever the database believes of the table.
    private static final String WAITING =
            "SELECT state FROM webhook_inbox WHERE next_at IS NOT NULL ORDER BY next_at";

    private static final int MOST_GROUPED = 10_000;

    private final Database database;

    public InboxSearch(Database database) {
        this.database = database;
    }

    /// The newest events that fit, as many as a little time allows.
    public InboxPage page(InboxFilter filter) throws SQLException {
        return page(filter, BUDGET);
    }

    /// As above, going on until this time is over; at least one stretch is looked at.
    InboxPage page(InboxFilter filter, Duration budget) throws SQLException {
        long end = System.nanoTime() + budget.toNanos();
        List<InboxEntry> found = new ArrayList<>();
        InboxFilter rest = filter;
        int stride = filter.text().isEmpty() ? STRIDE : FEW_BODIES;
        while (true) {
            InboxFilter from = rest;
            int wanted = filter.limit() - found.size();
            int most = stride;
            long began = System.nanoTime();
            Stretch stretch = database.read(tx -> stretch(tx, from, wanted, most));
            if (stride < MANY_BODIES && System.nanoTime() - began < budget.toNanos() / 8) {
                stride *= 2;
            }
            found.addAll(stretch.found);
            Optional<Instant> lookedBackTo = stretch.last.map(TimeOrderedIds::timeOf);
            if (stretch.last.isEmpty() || stretch.isLast) {
                return new InboxPage(found, Optional.empty(), lookedBackTo);
            }
            if (found.size() == filter.limit() || System.nanoTime() >= end) {
                return new InboxPage(found, stretch.last, lookedBackTo);
            }
            rest = rest.after(stretch.last.get());
        }
    }

    /// Some events in a row that were looked at.
    ///
    /// @param last the oldest of them, or of those found where they are as many as were wanted
    private record Stretch(List<InboxEntry> found, Optional<String> last, boolean isLast) {}

    private static Stretch stretch(Transaction tx, InboxFilter filter, int wanted, int most)
            throws SQLException {
        boolean amongWaiting = isOfFewWaiting(tx, filter);
        InboxConditions range = indexed(filter, amongWaiting);
        int stride = amongWaiting ? STRIDE : most;
        String window =
                " FROM (SELECT * FROM webhook_inbox WHERE %s ORDER BY %s LIMIT ?) i"
                        .formatted(range.sql(), amongWaiting ? "next_at" : "id DESC");
        InboxConditions attributes = InboxConditions.attributes(filter, tx.dialect());
        List<Object> parameters = new ArrayList<>(range.parameters());
        parameters.add(stride);
        parameters.addAll(attributes.parameters());
        parameters.add(wanted);
        List<InboxEntry> found =
                tx.query(
                        InboxRecords.COLUMNS
                                + window
                                + " WHERE "
                                + attributes.sql()
                                + " ORDER BY id DESC LIMIT ?",
                        InboxRecords::entry,
                        parameters.toArray());
        if (found.size() == wanted) {
            return new Stretch(found, Optional.of(found.getLast().id()), false);
        }
        return tx.first(
                        "SELECT min(id) AS last, count(*) AS n" + window,
                        row ->
                                new Stretch(
                                        found, row.optionalText("last"), row.number("n") < stride),
                        range.with(stride))
                .orElseThrow();
    }

    /// The conditions that an index serves.
    private static InboxConditions indexed(InboxFilter filter, boolean amongWaiting) {
        InboxConditions range = InboxConditions.range(filter);
        if (filter.object().isPresent()) {
            return range.and(new InboxConditions("object_id = ?", List.of(filter.object().get())));
        }
        if (amongWaiting) {
            return new InboxConditions(
                    range.sql() + " AND next_at IS NOT NULL", range.parameters());
        }
        return filter.state().equals(Optional.of(InboxState.DEAD))
                ? new InboxConditions(range.sql() + " AND state = 'dead'", range.parameters())
                : range;
    }

    /// Whether the filter asks for events that wait, and all of them fit into one stretch. Where there are
    /// many, going back through time soon meets some.
    private static boolean isOfFewWaiting(Transaction tx, InboxFilter filter) throws SQLException {
        boolean asked =
                filter.object().isEmpty()
                        && filter.state()
                                .map(state ->
                                        switch (state) {
                                            case RECEIVED, PROCESSING, RETRY -> true;
                                            case DONE, IGNORED, DEAD -> false;
                                        })
                                .orElse(false);
        return asked && countOf(tx, WAITING, STRIDE) < STRIDE;
    }

    private static long countOf(Transaction tx, String rows, long most) throws SQLException {
        return tx.first(
                        "SELECT count(*) AS n FROM (" + rows + " LIMIT ?) i",
                        row -> row.number("n"),
                        most)
                .orElseThrow();
    }

    /// How many events wait, are being handled, or are dead; of each kind at most [#MOST_COUNTED]. What is
    /// over is not counted: there may be millions.
    public Map<InboxState, Long> backlog() throws SQLException {
        Map<InboxState, Long> backlog = new EnumMap<>(InboxState.class);
        database.read(tx ->
                tx.query(
                        "SELECT state, count(*) AS n FROM ("
                                + WAITING
                                + " LIMIT ?) i GROUP BY state",
                        row -> backlog.put(InboxState.parse(row.text("state")), row.number("n")),
                        MOST_COUNTED));
        long dead =
                database.read(tx ->
                        countOf(
                                tx,
                                "SELECT id FROM webhook_inbox WHERE state = 'dead' ORDER BY id",
                                MOST_COUNTED));
        if (dead > 0) {
            backlog.put(InboxState.DEAD, dead);
        }
        return backlog;
    }

    /// When the event came that waits longest, if any waits: of those that are due next, where very many
    /// wait.
    public Optional<Instant> oldestWaiting() throws SQLException {
        return database.read(tx ->
                tx.first(
                                """
                                SELECT MIN(received_at) AS oldest
                                  FROM (SELECT received_at FROM webhook_inbox
                                         WHERE next_at IS NOT NULL ORDER BY next_at LIMIT ?) i
                                """,
                                row -> row.optionalInstant("oldest"),
                                MOST_GROUPED)
                        .flatMap(oldest -> oldest));
    }
}
