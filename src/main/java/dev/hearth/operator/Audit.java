package dev.hearth.operator;

import dev.hearth.http.Request;
import dev.hearth.storage.Database;
import dev.hearth.storage.Row;
import dev.hearth.storage.TimeOrderedIds;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What operators did, and when: written before the answer leaves, kept for ever. Safe for many threads.
public final class Audit {
    private static final int LONGEST = 500;

    private final Database database;
    private final InstantSource clock;
    private final TimeOrderedIds ids;

    public Audit(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
    }

    /// One action.
    ///
    /// @param subject what it was done to
    /// @param outcome what came of it
    public record Entry(
            String id,
            Instant at,
            String operator,
            String address,
            String action,
            String subject,
            String outcome) {}

    void add(Request request, String operator, String action, String subject, String outcome)
            throws SQLException {
        add(operator, request.remoteAddress(), action, subject, outcome);
    }

    /// Writes down what was done, where it was asked from.
    public void add(String operator, String address, String action, String subject, String outcome)
            throws SQLException {
        Instant now = clock.instant();
        database.write(tx ->
                tx.update(
                        "INSERT INTO audit (id, at, operator, address, action, subject, outcome)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        ids.next(now.toEpochMilli()),
                        now,
                        cut(operator),
                        cut(address),
                        action,
                        cut(subject),
                        cut(outcome)));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    /// Which entries are meant: all that fit everything that is given; empty texts fit all.
    ///
    /// @param operator who did it
    /// @param action what was done, such as `refund`; also the beginning of its words
    /// @param subject what its subject contains
    /// @param before only those before the entry of this id
    public record Filter(
            String operator,
            String action,
            String subject,
            Optional<Instant> since,
            Optional<Instant> until,
            String before,
            int limit) {}

    /// The newest entries that fit; newest first.
    public List<Entry> list(Filter filter) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT * FROM audit WHERE 1 = 1");
        List<Object> parameters = new ArrayList<>();
        for (Condition condition : conditions(filter)) {
            sql.append(" AND ").append(condition.sql);
            parameters.addAll(condition.parameters);
        }
        parameters.add(filter.limit());
        return database.read(tx ->
                tx.query(sql + " ORDER BY id DESC LIMIT ?", Audit::entry, parameters.toArray()));
    }

    private record Condition(String sql, List<Object> parameters) {}

    private static List<Condition> conditions(Filter filter) {
        List<Condition> conditions = new ArrayList<>();
        if (!filter.operator().isEmpty()) {
            conditions.add(new Condition("operator = ?", List.of(filter.operator())));
        }
        if (!filter.action().isEmpty()) {
            int length = filter.action().codePointCount(0, filter.action().length());
            conditions.add(
                    new Condition("substr(action, 1, ?) = ?", List.of(length, filter.action())));
        }
        if (!filter.subject().isEmpty()) {
            // LIKE would take % and _ for more than they are, and SQLite's knows no case.
            conditions.add(
                    new Condition(
                            "length(replace(subject, ?, '')) < length(subject)",
                            List.of(filter.subject())));
        }
        filter.since()
                .map(TimeOrderedIds::first)
                .ifPresent(id -> conditions.add(new Condition("id >= ?", List.of(id))));
        filter.until()
                .map(TimeOrderedIds::first)
                .ifPresent(id -> conditions.add(new Condition("id < ?", List.of(id))));
        if (!filter.before().isEmpty()) {
            conditions.add(new Condition("id < ?", List.of(filter.before())));
        }
        return conditions;
    }

    /// The newest entries before the one of this id, or of all where it is empty; newest first.
    public List<Entry> list(String before, int limit) throws SQLException {
        return list(new Filter("", "", "", Optional.empty(), Optional.empty(), before, limit));
    }

    private static Entry entry(Row row) throws SQLException {
        return new Entry(
                row.text("id"),
                row.instant("at"),
                row.text("operator"),
                row.text("address"),
                row.text("action"),
                row.text("subject"),
                row.text("outcome"));
    }
}
