package dev.hearth.payment;

import dev.hearth.payment.ApiCall.Subject;
import dev.hearth.storage.Row;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A call to Stripe for a payment, subscription or invoice, as it is shown: never with its parameters, which hold personal data.
///
/// @param purpose such as `create_session` or `refund`
/// @param state `pending`, `sent`, `unknown`, `ok` or `rejected`
/// @param nextAt when it is tried again, while it is not over
public record PaymentCall(
        String id,
        String purpose,
        String state,
        int attempts,
        Instant createdAt,
        Optional<Instant> nextAt,
        Optional<Integer> httpStatus,
        Optional<String> stripeRequestId) {

    /// Those for one subject, oldest first.
    static List<PaymentCall> of(Transaction tx, Subject subject, String id) throws SQLException {
        return tx.query(
                "SELECT * FROM api_call WHERE %s = ? ORDER BY id".formatted(subject.column()),
                PaymentCall::read,
                id);
    }

    private static PaymentCall read(Row row) throws SQLException {
        int status = row.integer("http_status");
        return new PaymentCall(
                row.text("id"),
                row.text("purpose"),
                row.text("state"),
                row.integer("attempts"),
                row.instant("created_at"),
                row.optionalInstant("next_at"),
                status == 0 ? Optional.empty() : Optional.of(status),
                row.optionalText("stripe_request_id"));
    }
}
