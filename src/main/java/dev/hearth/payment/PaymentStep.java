package dev.hearth.payment;

import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// One thing that became of a payment: what is now, since when, and why.
///
/// @param n counts from 1; the highest is the payment's revision
/// @param subjectId the payment's, the refund's, or Stripe's id of the dispute
/// @param status the word for it: `paid`, `partially_refunded`, `succeeded`, `needs_response`
/// @param amount the subject's, in minor units
public record PaymentStep(
        long n,
        Instant happened,
        Subject subject,
        String subjectId,
        String status,
        long amount,
        Cause cause) {

    /// What a step is about.
    public enum Subject {
        PAYMENT,
        REFUND,
        DISPUTE;

        /// The name in the database and for programs.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Notes a payment as it is now.
    static void note(Transaction tx, Payment payment, Instant now) throws SQLException {
        note(
                tx,
                payment.id(),
                Subject.PAYMENT,
                payment.id(),
                payment.status(),
                payment.amount().minorUnits(),
                now);
    }

    /// Notes that a payment begins, in the transaction that inserts it.
    static void noteFirst(Transaction tx, Payment payment, Instant now) throws SQLException {
        Cause cause = Cause.current();
        tx.update(
                """
                INSERT INTO payment_step (payment_id, n, happened, subject, subject_id, status, amount, cause,
                                          cause_id)
                VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)
                """,
                payment.id(),
                now,
                Subject.PAYMENT.word(),
                payment.id(),
                payment.status(),
                payment.amount().minorUnits(),
                cause.kind().word(),
                cause.id());
    }

    static void note(Transaction tx, Refund refund, Instant now) throws SQLException {
        note(
                tx,
                refund.paymentId(),
                Subject.REFUND,
                refund.id(),
                refund.state().word(),
                refund.amount(),
                now);
    }

    static void note(Transaction tx, Dispute dispute, Instant now) throws SQLException {
        note(
                tx,
                dispute.paymentId(),
                Subject.DISPUTE,
                dispute.stripeId(),
                dispute.state().word(),
                dispute.amount(),
                now);
    }

    /// The payment's row is locked, or was made just now: nobody else counts at the same time.
    private static void note(
            Transaction tx,
            String paymentId,
            Subject subject,
            String subjectId,
            String status,
            long amount,
            Instant now)
            throws SQLException {
        Cause cause = Cause.current();
        // Counted, since none is ever taken away: for MAX(n) SQLite plans the statement anew each
        // time.
        tx.update(
                """
                INSERT INTO payment_step (payment_id, n, happened, subject, subject_id, status, amount, cause,
                                          cause_id)
                VALUES (?, (SELECT COUNT(n) + 1 FROM payment_step WHERE payment_id = ?),
                        ?, ?, ?, ?, ?, ?, ?)
                """,
                paymentId,
                paymentId,
                now,
                subject.word(),
                subjectId,
                status,
                amount,
                cause.kind().word(),
                cause.id());
    }

    /// What a payment's page shows changes when, and only when, this number does.
    static long revision(Transaction tx, String paymentId) throws SQLException {
        return tx.first(
                        "SELECT COUNT(n) AS n FROM payment_step WHERE payment_id = ?",
                        row -> row.number("n"),
                        paymentId)
                .orElse(0L);
    }

    static List<PaymentStep> ofPayment(Transaction tx, String paymentId) throws SQLException {
        return tx.query(
                "SELECT * FROM payment_step WHERE payment_id = ? ORDER BY n",
                PaymentStep::read,
                paymentId);
    }

    private static PaymentStep read(Row row) throws SQLException {
        return new PaymentStep(
                row.number("n"),
                row.instant("happened"),
                Subject.valueOf(row.text("subject").toUpperCase(Locale.ROOT)),
                row.text("subject_id"),
                row.text("status"),
                row.number("amount"),
                new Cause(Cause.Kind.of(row.text("cause")), row.optionalText("cause_id")));
    }
}
