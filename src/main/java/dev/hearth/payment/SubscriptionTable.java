package dev.hearth.payment;

import dev.hearth.payment.Subscription.Links;
import dev.hearth.payment.SubscriptionState.Period;
import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of subscriptions.
final class SubscriptionTable {
    private SubscriptionTable() {}

    private static final String SELECT = "SELECT * FROM subscription ";

    /// Inserts a subscription, unless its order has one already.
    static boolean insert(Transaction tx, Subscription subscription) throws SQLException {
        return tx.update(
                        """
                        INSERT INTO subscription (id, principal, order_ref, name, amount, currency, quantity,
                                                  period, state, livemode, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (principal, order_ref)
                            WHERE state NOT IN ('canceled', 'expired', 'failed') DO NOTHING
                        """,
                        subscription.id(),
                        subscription.principal(),
                        subscription.orderRef(),
                        subscription.plan().name(),
                        subscription.plan().price().minorUnits(),
                        subscription.plan().price().currency().code(),
                        subscription.plan().quantity(),
                        subscription.plan().every().word(),
                        subscription.state().word(),
                        subscription.livemode(),
                        subscription.createdAt())
                == 1;
    }

    /// Writes a subscription that was read with [#lock] in the same transaction.
    static void update(Transaction tx, Subscription subscription) throws SQLException {
        Optional<Period> period = subscription.state().current();
        Links links = subscription.links();
        int updated =
                tx.update(
                        """
                        UPDATE subscription
                           SET amount = ?, quantity = ?, period = ?, state = ?, failure = ?, paid_until = ?,
                               ends_with_period = ?, stripe_subscription = ?, stripe_session = ?,
                               stripe_item = ?, stripe_product = ?, stripe_customer = ?, livemode = ?,
                               url = ?, last_sync_at = ?, version = version + 1
                         WHERE id = ? AND version = ?
                        """,
                        subscription.plan().price().minorUnits(),
                        subscription.plan().quantity(),
                        subscription.plan().every().word(),
                        subscription.state().word(),
                        subscription.state() instanceof SubscriptionState.Failed(var reason)
                                ? reason
                                : Optional.empty(),
                        period.map(Period::paidUntil),
                        period.map(Period::endsThen).orElse(false),
                        links.subscription(),
                        links.session(),
                        links.item(),
                        links.product(),
                        links.customer(),
                        subscription.livemode(),
                        subscription.url(),
                        subscription.lastSyncAt(),
                        subscription.id(),
                        subscription.version());
        if (updated != 1) {
            throw new SQLException(
                    "subscription %s has another version than %d"
                            .formatted(subscription.id(), subscription.version()));
        }
    }

    static Optional<Subscription> find(Transaction tx, String id) throws SQLException {
        return tx.first(SELECT + "WHERE id = ?", SubscriptionTable::read, id);
    }

    /// The subscription, which nobody else can change until the transaction ends.
    static Optional<Subscription> lock(Transaction tx, String id) throws SQLException {
        return tx.first(
                SELECT + "WHERE id = ?" + tx.dialect().forUpdate(), SubscriptionTable::read, id);
    }

    static Optional<Subscription> byStripe(Transaction tx, String id) throws SQLException {
        return tx.first(
                SELECT + "WHERE stripe_subscription = ? OR stripe_session = ?",
                SubscriptionTable::read,
                id,
                id);
    }

    /// Those that fit a condition of our own making, newest first; the last value is how many at most.
    static List<Subscription> list(Transaction tx, String where, @Nullable Object... values)
            throws SQLException {
        return tx.query(
                SELECT + "WHERE " + where + " ORDER BY id DESC LIMIT ?",
                SubscriptionTable::read,
                values);
    }

    /// Those that have not ended and were not looked at since, oldest first.
    static List<Subscription> open(Transaction tx, Instant notSyncedSince, int limit)
            throws SQLException {
        return tx.query(
                SELECT
                        + """
                        WHERE state NOT IN ('canceled', 'expired', 'failed')
                          AND (stripe_subscription IS NOT NULL OR stripe_session IS NOT NULL)
                          AND (last_sync_at IS NULL OR last_sync_at < ?)
                        ORDER BY COALESCE(last_sync_at, 0), created_at LIMIT ?
                        """,
                SubscriptionTable::read,
                notSyncedSince,
                limit);
    }

    private static Subscription read(Row row) throws SQLException {
        return new Subscription(
                row.text("id"),
                row.text("principal"),
                row.text("order_ref"),
                new Plan(
                        row.text("name"),
                        Money.of(row.number("amount"), Currency.of(row.text("currency"))),
                        row.integer("quantity"),
                        Plan.Every.find(row.text("period")).orElseThrow()),
                state(row),
                new Links(
                        row.optionalText("stripe_subscription"),
                        row.optionalText("stripe_session"),
                        row.optionalText("stripe_item"),
                        row.optionalText("stripe_product"),
                        row.optionalText("stripe_customer")),
                row.optionalFlag("livemode"),
                row.optionalText("url"),
                row.number("version"),
                row.instant("created_at"),
                row.optionalInstant("last_sync_at"));
    }

    private static SubscriptionState state(Row row) throws SQLException {
        String word = row.text("state");
        return switch (word) {
            case "created" -> new SubscriptionState.Created();
            case "unknown" -> new SubscriptionState.Unknown();
            case "pending" -> new SubscriptionState.Pending();
            case "incomplete" -> new SubscriptionState.Incomplete();
            case "trialing" -> new SubscriptionState.Trialing(period(row));
            case "active" -> new SubscriptionState.Active(period(row));
            case "past_due" -> new SubscriptionState.PastDue(period(row));
            case "unpaid" -> new SubscriptionState.Unpaid();
            case "paused" -> new SubscriptionState.Paused();
            case "canceled" -> new SubscriptionState.Canceled();
            case "expired" -> new SubscriptionState.Expired();
            case "failed" -> new SubscriptionState.Failed(row.optionalText("failure"));
            default -> throw new SQLException("a subscription's state is " + word);
        };
    }

    private static Period period(Row row) throws SQLException {
        return new Period(row.instant("paid_until"), row.flag("ends_with_period"));
    }
}
