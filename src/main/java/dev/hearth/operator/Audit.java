package dev.hearth.operator;

import dev.hearth.http.Request;
import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

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

    /// The newest entries before the one of this id, or of all where it is empty; newest first.
    public List<Entry> list(String before, int limit) throws SQLException {
        return database.read(tx ->
                tx.query(
                        "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
                        row ->
                                new Entry(
                                        row.text("id"),
                                        row.instant("at"),
                                        row.text("operator"),
                                        row.text("address"),
                                        row.text("action"),
                                        row.text("subject"),
                                        row.text("outcome")),
                        before.isEmpty() ? "~" : before,
                        limit));
    }
}
