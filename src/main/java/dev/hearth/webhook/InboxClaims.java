package dev.hearth.webhook;

import dev.hearth.storage.Dialect;
import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Takes events that are due, each object's in its order.
final class InboxClaims {
    private InboxClaims() {}

    /// One claim at a time among all processes: two at once could each miss what the other is about to
    /// take, and run two events of one object together. The number is only a name.
    private static final long CLAIM_LOCK = 0x4865617274681L;

    /// So many events of one object are handled in one go.
    private static final int LONGEST_RUN = 64;

    private static final String EVENT_COLUMNS =
            """
            id, source, external_id, event_type, object_type, object_id, api_version, livemode,
            event_created, received_at, attempts, body
            """;

    private static String selectDue(Dialect dialect) {
        return "SELECT id, source, object_id, lost_leases FROM webhook_inbox"
                + dialect.byIndex("webhook_inbox_due")
                + " WHERE next_at <= ? AND lost_leases = 0 ORDER BY next_at LIMIT ?"
                + dialect.forUpdateSkipLocked();
    }

    /// One that has lost a lease before.
    static String selectSuspect(Dialect dialect) {
        return "SELECT id, source, object_id, lost_leases FROM webhook_inbox"
                + dialect.byIndex("webhook_inbox_lost")
                + " WHERE next_at <= ? AND lost_leases > 0 AND next_at IS NOT NULL"
                + " ORDER BY next_at LIMIT 1"
                + dialect.forUpdateSkipLocked();
    }

    /// One event of an object in its turn. (With `%d` the JDK would load how a locale writes digits, for each CGI request.)
    private static final String TURN =
            """
            SELECT id, source, object_id, event_type, state, next_at, holds_back, lost_leases
              FROM webhook_inbox%s
             WHERE source = %s AND object_id = %s AND next_at IS NOT NULL
             ORDER BY (state <> 'processing'), event_created, id
             LIMIT %s
            """;

    private static final String SELECT_TURNS =
            "SELECT e.* FROM unnest(?::text[], ?::text[]) o (s, o) CROSS JOIN LATERAL ("
                    + TURN.formatted("", "o.s", "o.o", 2 * LONGEST_RUN)
                    + ") e";

    private static final String SELECT_TURN =
            TURN.formatted(Dialect.SQLITE.byIndex("webhook_inbox_turn"), "?", "?", 2 * LONGEST_RUN);

    /// What a worker claims for, and how it sees its events.
    ///
    /// @param isBusy objects that this worker has in hand
    /// @param inHand events that it has in hand still, whatever their rows say
    /// @param takesSuspect whether it has no event in hand that is suspect, and may take one
    /// @param gaveUp hears, after the commit, which events have lost too many leases and are dead
    record Claimant(
            String owner,
            Instant leaseEnd,
            Predicate<InboxObject> isBusy,
            Predicate<String> inHand,
            boolean takesSuspect,
            Consumer<List<String>> gaveUp,
            BiPredicate<String, String> takesLatest) {}

    /// Claims up to `limit` due events, in runs: those of one object in their order, unless the handler takes
    /// the latest only, which then comes with those that it stands for.
    ///
    /// @param freed objects that nobody has in hand any more: events may stand behind
    static List<Run> claim(
            Transaction tx,
            Claimant claimant,
            Instant now,
            int limit,
            Collection<InboxObject> freed)
            throws SQLException {
        lockOutOthers(tx);
        List<Due> due = due(tx, claimant, now, limit);
        Set<InboxObject> objects = new LinkedHashSet<>(freed);
        List<Picked> picked = new ArrayList<>();
        for (Due one : due) {
            if (one.object.isPresent()) {
                objects.add(one.object.get());
            } else if (!claimant.inHand.test(one.id)) {
                picked.add(new Picked(List.of(one.id), one.isSuspect));
            }
        }
        Map<InboxObject, List<Turn>> turns = turns(tx, objects);
        Set<InboxObject> lookedAt = new HashSet<>();
        boolean takesSuspect =
                claimant.takesSuspect && picked.stream().noneMatch(Picked::isSuspect);
        int free = limit - picked.size();
        for (InboxObject object : objects) {
            if (free <= 0) {
                break;
            }
            lookedAt.add(object);
            List<Turn> run =
                    claimant.isBusy.test(object)
                            ? List.of()
                            : ObjectTurn.next(
                                    turns.getOrDefault(object, List.of()),
                                    claimant,
                                    takesSuspect,
                                    now,
                                    Math.min(free, LONGEST_RUN));
            if (!run.isEmpty()) {
                Picked one = Picked.of(run);
                picked.add(one);
                takesSuspect &= !one.isSuspect;
                free -= run.size();
            }
        }
        List<Run> taken = take(tx, claimant, withoutGivenUp(tx, claimant, picked, now));
        putBehind(tx, due, lookedAt, picked);
        return taken;
    }

    /// Of those that lost a lease before, one at most.
    private static List<Due> due(Transaction tx, Claimant claimant, Instant now, int limit)
            throws SQLException {
        List<Due> due = new ArrayList<>();
        if (claimant.takesSuspect) {
            due.addAll(tx.query(selectSuspect(tx.dialect()), InboxClaims::due, now));
        }
        due.addAll(tx.query(selectDue(tx.dialect()), InboxClaims::due, now, limit - due.size()));
        return due;
    }

    /// What is to be handled in one go, in order.
    private record Picked(List<String> ids, boolean isSuspect) {
        static Picked of(List<Turn> run) {
            return new Picked(
                    run.stream().map(Turn::id).toList(), run.stream().anyMatch(Turn::isSuspect));
        }

        Picked without(List<String> others) {
            return new Picked(ids.stream().filter(id -> !others.contains(id)).toList(), isSuspect);
        }
    }

    private static List<Picked> withoutGivenUp(
            Transaction tx, Claimant claimant, List<Picked> picked, Instant now)
            throws SQLException {
        List<String> suspects =
                picked.stream().filter(Picked::isSuspect).flatMap(one -> one.ids.stream()).toList();
        List<String> over = suspects.isEmpty() ? List.of() : LostLeases.giveUp(tx, suspects, now);
        if (over.isEmpty()) {
            return picked;
        }
        tx.afterCommit(() -> claimant.gaveUp.accept(over));
        return picked.stream().map(one -> one.without(over)).toList();
    }

    private static List<Run> take(Transaction tx, Claimant claimant, List<Picked> picked)
            throws SQLException {
        List<String> ids = picked.stream().flatMap(one -> one.ids.stream()).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, Event> events = HashMap.newHashMap(ids.size());
        tx.query(
                "UPDATE webhook_inbox SET state = 'processing', attempts = attempts + 1,"
                        + " lost_leases = lost_leases"
                        + " + CASE WHEN state = 'processing' THEN 1 ELSE 0 END,"
                        + " next_at = ?, lease_owner = ? WHERE id"
                        + tx.dialect().inCollection()
                        + " RETURNING "
                        + EVENT_COLUMNS,
                row -> events.put(row.text("id"), event(row)),
                claimant.leaseEnd,
                claimant.owner,
                ids);
        List<Run> taken = new ArrayList<>(picked.size());
        for (Picked one : picked) {
            List<Event> inOrder =
                    one.ids.stream().map(events::get).filter(Objects::nonNull).toList();
            if (!inOrder.isEmpty()) {
                taken.add(Run.of(inOrder, one.isSuspect, claimant.takesLatest));
            }
        }
        return taken;
    }

    /// Those that are due, but not before others of their object.
    private static void putBehind(
            Transaction tx, List<Due> due, Set<InboxObject> lookedAt, List<Picked> picked)
            throws SQLException {
        Set<String> taken = new HashSet<>();
        picked.forEach(one -> taken.addAll(one.ids));
        List<String> behind =
                due.stream()
                        .filter(one -> one.object.map(lookedAt::contains).orElse(false))
                        .map(Due::id)
                        .filter(id -> !taken.contains(id))
                        .toList();
        if (!behind.isEmpty()) {
            tx.update(
                    "UPDATE webhook_inbox SET next_at = ? WHERE state IN ('received', 'retry') AND id"
                            + tx.dialect().inCollection(),
                    InboxQueue.BEHIND,
                    behind);
        }
    }

    private record Due(String id, Optional<InboxObject> object, boolean isSuspect) {}

    private static Due due(Row row) throws SQLException {
        String source = row.text("source");
        return new Due(
                row.text("id"),
                row.optionalText("object_id").map(id -> new InboxObject(source, id)),
                LostLeases.isSuspect(row.integer("lost_leases")));
    }

    /// An event of an object, as far as its turn goes.
    record Turn(
            String id,
            InboxObject object,
            String type,
            boolean processing,
            Instant nextAt,
            boolean holdsBack,
            boolean isSuspect) {

        /// Whether it waits for nothing but its turn.
        boolean isDue(Instant now) {
            return !nextAt.isAfter(now) || nextAt.equals(InboxQueue.BEHIND);
        }
    }

    private static Turn turn(Row row) throws SQLException {
        return new Turn(
                row.text("id"),
                new InboxObject(row.text("source"), row.text("object_id")),
                row.text("event_type"),
                row.text("state").equals("processing"),
                row.instant("next_at"),
                row.flag("holds_back"),
                LostLeases.isSuspect(row.integer("lost_leases")));
    }

    private static Map<InboxObject, List<Turn>> turns(
            Transaction tx, Collection<InboxObject> objects) throws SQLException {
        List<Turn> rows =
                switch (tx.dialect()) {
                    case POSTGRESQL ->
                            objects.isEmpty()
                                    ? List.of()
                                    : tx.query(
                                            SELECT_TURNS,
                                            InboxClaims::turn,
                                            objects.stream().map(InboxObject::source).toList(),
                                            objects.stream().map(InboxObject::id).toList());
                    case SQLITE -> eachTurn(tx, objects);
                };
        Map<InboxObject, List<Turn>> turns = new HashMap<>();
        for (Turn row : rows) {
            turns.computeIfAbsent(row.object, _ -> new ArrayList<>()).add(row);
        }
        return turns;
    }

    private static List<Turn> eachTurn(Transaction tx, Collection<InboxObject> objects)
            throws SQLException {
        List<Turn> rows = new ArrayList<>();
        for (InboxObject object : objects) {
            rows.addAll(tx.query(SELECT_TURN, InboxClaims::turn, object.source(), object.id()));
        }
        return rows;
    }

    /// A process that freezes while it claims loses the lock after ten seconds, and its claim with it. What follows is
    /// planned as by [Transaction#updateByIndex].
    private static void lockOutOthers(Transaction tx) throws SQLException {
        switch (tx.dialect()) {
            case POSTGRESQL ->
                    tx.query(
                            "SELECT set_config('idle_in_transaction_session_timeout', '10s', true),"
                                    + " set_config('enable_seqscan', 'off', true),"
                                    + " pg_advisory_xact_lock(?)",
                            _ -> true,
                            CLAIM_LOCK);
            case SQLITE -> {} // its one writer is the lock
        }
    }

    private static Event event(Row row) throws SQLException {
        return new Event(
                row.text("id"),
                row.text("source"),
                row.text("external_id"),
                row.text("event_type"),
                row.optionalText("object_type"),
                row.optionalText("object_id"),
                row.optionalText("api_version"),
                row.optionalFlag("livemode"),
                row.instant("event_created"),
                row.instant("received_at"),
                row.integer("attempts"),
                row.optionalBytes("body").orElse(new byte[0]));
    }

    /// Events in the hands of this worker: the one that is handled, and all that are done with it.
    record Claimed(Event event, List<Event> all) {
        List<String> ids() {
            return all.stream().map(Event::id).toList();
        }
    }

    /// What is handled in one go, in order.
    ///
    /// @param isSuspect whether it has lost a lease before
    record Run(List<Claimed> steps, boolean isSuspect) {

        /// Of events in their order; those of which the latest counts make one step.
        static Run of(
                List<Event> inOrder, boolean isSuspect, BiPredicate<String, String> takesLatest) {
            Event first = inOrder.getFirst();
            if (takesLatest.test(first.source(), first.type())) {
                return new Run(List.of(new Claimed(inOrder.getLast(), inOrder)), isSuspect);
            }
            return new Run(
                    inOrder.stream().map(event -> new Claimed(event, List.of(event))).toList(),
                    isSuspect);
        }
    }
}
