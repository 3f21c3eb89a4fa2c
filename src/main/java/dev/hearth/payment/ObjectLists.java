package dev.hearth.payment;

import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.PermanentFailureException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Finds what happened so long ago that Stripe has no event of it any more: its lists of refunds, disputes, invoices
/// and payouts go back to the beginning. Whatever of ours they name is looked at; payments, subscriptions and
/// invoices that may still change are looked at anyway.
final class ObjectLists {
    private static final Logger log = LoggerFactory.getLogger(ObjectLists.class);

    /// A refund, or a payout, can fail so long after it was made.
    private static final Duration MAY_FAIL_FOR = Duration.ofDays(30);

    private final Database database;
    private final Reader reader;
    private final Sync sync;
    private final InvoiceSync invoices;
    private final StripeEvents events;

    ObjectLists(
            Database database,
            Reader reader,
            Sync sync,
            InvoiceSync invoices,
            StripeEvents events) {
        this.database = database;
        this.reader = reader;
        this.sync = sync;
        this.invoices = invoices;
        this.events = events;
    }

    @FunctionalInterface
    private interface Look {
        void look() throws Exception;
    }

    /// Looks at what was made or may have changed since then, and gives the ids of the payments that were not as
    /// Stripe has them.
    List<String> look(Instant since) throws Exception {
        for (JsonNode payout : made("/v1/payouts", since.minus(MAY_FAIL_FOR))) {
            orTell(() -> events.payout(StripeObjects.word(payout, "id")));
        }
        Set<String> differed = new LinkedHashSet<>();
        for (String id : payments(since)) {
            orTell(() -> {
                if (differs(id)) {
                    differed.add(id);
                }
            });
        }
        for (JsonNode invoice : made("/v1/invoices", since)) {
            orTell(() -> invoices.syncStripe(StripeObjects.word(invoice, "id")));
        }
        return List.copyOf(differed);
    }

    /// What cannot be understood, or is not what it should be, does not keep the others from being looked at.
    private static void orTell(Look one) throws Exception {
        try {
            one.look();
        } catch (PermanentFailureException | UnknownWordException wrong) {
            log.error("ALARM: reconcile: {}", wrong.getMessage());
        }
    }

    private boolean differs(String id) throws Exception {
        Payment before = find(id);
        Payment after = sync.sync(id, Sync.Hints.ALL);
        return !before.status().equals(after.status())
                || before.refunded() != after.refunded()
                || before.disputed() != after.disputed();
    }

    private Set<String> payments(Instant since) throws Exception {
        Set<String> ids = new LinkedHashSet<>(database.read(Dispute::paymentsInDispute));
        addPayments(made("/v1/refunds", since.minus(MAY_FAIL_FOR)), ids);
        addPayments(made("/v1/disputes", since), ids);
        return ids;
    }

    private void addPayments(List<JsonNode> objects, Set<String> ids) throws SQLException {
        for (JsonNode object : objects) {
            Optional<String> intent = Json.id(object, "payment_intent");
            if (intent.isPresent()) {
                database.read(tx -> PaymentTable.byIntent(tx, intent.get()))
                        .ifPresent(payment -> ids.add(payment.id()));
            }
        }
    }

    private List<JsonNode> made(String collection, Instant since) throws Exception {
        String from = Long.toString(Math.max(0, since.getEpochSecond()));
        return reader.list(collection, "created[gte]", from);
    }

    private Payment find(String id) throws SQLException {
        return database.read((Transaction tx) -> PaymentTable.find(tx, id)).orElseThrow();
    }
}
