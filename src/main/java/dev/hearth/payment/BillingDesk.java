package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.payment.CallerKeys.CallerKey;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Steers subscriptions and invoices by hand, whoever's they are. Safe for many threads.
public final class BillingDesk {
    private final BillingRecords records;
    private final Subscriptions subscriptions;
    private final Invoices invoices;

    BillingDesk(BillingRecords records, Subscriptions subscriptions, Invoices invoices) {
        this.records = records;
        this.subscriptions = subscriptions;
        this.invoices = invoices;
    }

    @FunctionalInterface
    private interface Wish {
        Answer ask(String principal) throws Exception;
    }

    /// Ends a subscription with its present period, or at once.
    public BillingOutcome cancelSubscription(String operator, String id, boolean atOnce)
            throws Exception {
        Fields at = fields(Map.of("at", atOnce ? "now" : "period_end"));
        return ofSubscription(
                operator,
                id,
                principal -> subscriptions.cancel(principal, id, Optional.empty(), at));
    }

    /// Changes how many are paid for, what one costs, or both; what is left of the present period is settled as
    /// Stripe does.
    ///
    /// @param price of one in minor units, in the currency that the subscription has
    /// @param key the same wish under the same key is done once
    public BillingOutcome changeSubscription(
            String operator, String id, OptionalInt quantity, OptionalLong price, String key)
            throws Exception {
        Map<String, Object> wish = new LinkedHashMap<>();
        quantity.ifPresent(many -> wish.put("quantity", many));
        if (price.isPresent()) {
            wish.put("amount", price.getAsLong());
            wish.put("currency", currency(id).orElse(""));
        }
        Fields fields = fields(wish);
        return ofSubscription(
                operator,
                id,
                principal -> {
                    CallerKey once =
                            new CallerKey(
                                    principal,
                                    "desk change " + id,
                                    key,
                                    ApiCallTable.sha256(bytes(wish)));
                    return subscriptions.change(principal, id, once, fields);
                });
    }

    private Optional<String> currency(String id) throws SQLException {
        return records.subscription(id)
                .map(detail -> detail.subscription().plan().price().currency().code());
    }

    /// Takes an invoice back that is not paid.
    public BillingOutcome cancelInvoice(String operator, String id) throws Exception {
        return ofInvoice(
                operator, id, principal -> invoices.cancel(principal, id, Optional.empty()));
    }

    /// Has Stripe send an open invoice to its customer once more.
    public BillingOutcome remind(String operator, String id) throws Exception {
        return ofInvoice(operator, id, principal -> invoices.remind(principal, id));
    }

    private BillingOutcome ofSubscription(String operator, String id, Wish wish) throws Exception {
        return outcome(
                operator,
                records.subscription(id).map(detail -> detail.subscription().principal()),
                "There is no such subscription.",
                wish);
    }

    private BillingOutcome ofInvoice(String operator, String id, Wish wish) throws Exception {
        return outcome(
                operator,
                records.invoice(id).map(detail -> detail.invoice().principal()),
                "There is no such invoice.",
                wish);
    }

    private static BillingOutcome outcome(
            String operator, Optional<String> principal, String absent, Wish wish)
            throws Exception {
        if (principal.isEmpty()) {
            return new BillingOutcome.Refused(absent);
        }
        try {
            Answer answer = Cause.operator(operator).call(() -> wish.ask(principal.get()));
            Optional<Problem> problem = answer.problem();
            if (problem.isPresent()) {
                return new BillingOutcome.Refused(problem.get().detail());
            }
            return answer.status() == 202
                    ? new BillingOutcome.Unknown()
                    : new BillingOutcome.Done();
        } catch (RefusedException refused) {
            return new BillingOutcome.Refused(refused.problem().detail());
        }
    }

    private static Fields fields(Map<String, ?> members) {
        return Fields.read(bytes(members));
    }

    private static byte[] bytes(Map<String, ?> members) {
        return Json.write(members).getBytes(StandardCharsets.UTF_8);
    }
}
