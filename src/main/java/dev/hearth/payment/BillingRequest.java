package dev.hearth.payment;

import dev.hearth.http.RefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The body of `POST /payments/subscriptions` and `POST /payments/invoices`: that of a payment, and when.
///
/// @param every the length of a period; subscriptions only
/// @param dueAt until when an invoice is to be paid
/// @param name the customer's
record BillingRequest(
        CreateRequest sale, Plan.Every every, Optional<Instant> dueAt, Optional<String> name) {
    private static final int LONGEST = 365;
    private static final int USUAL = 14;

    /// @throws RefusedException naming the field that is wrong
    static BillingRequest subscription(Fields fields, Set<Currency> currencies) {
        CreateRequest sale = CreateRequest.read(fields, currencies);
        Plan.Every every =
                Plan.Every.find(fields.text("every", 10).orElse("month"))
                        .orElseThrow(() ->
                                Answer.invalid("every", "day, week, month or year is wanted")
                                        .refuse());
        return new BillingRequest(sale, every, Optional.empty(), Optional.empty());
    }

    /// @throws RefusedException naming the field that is wrong
    static BillingRequest invoice(Fields fields, Set<Currency> currencies, Instant now) {
        CreateRequest sale = CreateRequest.read(fields, currencies);
        if (sale.email().isEmpty() && sale.customer().isEmpty()) {
            throw Answer.invalid("email", "who is to pay: email or customer is wanted").refuse();
        }
        return new BillingRequest(
                sale, Plan.Every.MONTH, Optional.of(due(fields, now)), fields.text("name", 200));
    }

    private static Instant due(Fields fields, Instant now) {
        Optional<String> date = fields.text("due_date", 10);
        if (date.isPresent()) {
            return endOf(date.get(), now);
        }
        OptionalLong days = fields.whole("due_days");
        if (days.orElse(USUAL) < 1 || days.orElse(USUAL) > LONGEST) {
            throw Answer.invalid("due_days", "a whole number of 1 to 365 is wanted").refuse();
        }
        return now.plusSeconds(days.orElse(USUAL) * 86_400);
    }

    /// The end of a day, in UTC.
    private static Instant endOf(String date, Instant now) {
        try {
            Instant end =
                    LocalDate.parse(date).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            if (end.isAfter(now) && end.isBefore(now.plusSeconds((LONGEST + 1) * 86_400L))) {
                return end.minusSeconds(1);
            }
        } catch (DateTimeException notADate) {
            throw Answer.invalid("due_date", "a date such as 2026-12-31 is wanted").refuse();
        }
        throw Answer.invalid("due_date", "a day from today to a year from now is wanted").refuse();
    }
}
