package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.payment.Shop.Got;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Money that Stripe changes into another currency: here dollars, of which euros come to the balance.
abstract class SettlementContract extends ShopContract {
    @BeforeEach
    void settleInEuros() {
        rate("0.9");
    }

    private void rate(String rate) {
        shop.stripe.with(world -> {
            world.settleIn("usd", "eur", rate);
            return true;
        });
    }

    /// A payment of ten dollars, of which Stripe keeps 0.40 and gives 9.00 less 0.36 euros.
    private String paid() throws Exception {
        String id = waiting();
        shop.buyerPays(id, VISA);
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
        return id;
    }

    private String waiting() throws Exception {
        return shop.post(
                        "/payments/intents",
                        "k1",
                        "{\"order_ref\":\"A-1\",\"amount\":1000,\"currency\":\"usd\"}")
                .text("payment_id");
    }

    private Got refund(String id, long amount) throws Exception {
        Got refund =
                shop.post(
                        "/payments/" + id + "/refunds",
                        "r" + amount,
                        "{\"amount\":" + amount + "}");
        shop.deliverAll();
        return refund;
    }

    private Map<String, Object> theOne(String kind) {
        return shop.stripe.with(world -> world.all(kind).getFirst());
    }

    private void assertBooksAreStripes() throws Exception {
        Map<String, Long> before = balances();
        shop.clock.advance(Duration.ofMinutes(11));
        Reconcile.Report report = shop.payments.reconcile(Instant.EPOCH, shop.inbox);
        assertThat(report.balances())
                .singleElement()
                .matches(finding -> finding.currency().code().equals("eur"), "in euros")
                .matches(finding -> finding.difference() == 0, "no difference")
                .matches(finding -> finding.unmatched().isEmpty(), "nothing unmatched");
        assertThat(balances())
                .containsEntry("receivable_stripe eur", report.balances().getFirst().stripe())
                .containsEntry("receivable_stripe usd", 0L)
                .as("all was booked before")
                .isEqualTo(before);
    }

    @Test
    void what_was_paid_is_revenue_as_it_was_paid_and_owed_as_it_settles() throws Exception {
        String id = paid();

        assertThat(balances())
                .containsOnly(
                        Map.entry("revenue usd", -1000L),
                        Map.entry("receivable_stripe usd", 0L),
                        Map.entry("conversion usd", 1000L),
                        Map.entry("conversion eur", -900L),
                        Map.entry("receivable_stripe eur", 900L - 36),
                        Map.entry("fees eur", 36L));
        assertBooksAreStripes();
        shop.cashier.refresh(id);
        shop.deliverAll();
        assertBooksAreStripes();
    }

    @Test
    void a_bookkeeper_sees_both_sides_of_a_conversion_in_one_posting() throws Exception {
        paid();

        List<String[]> lines =
                shop.records
                        .journalCsv(Instant.EPOCH, shop.clock.instant().plusSeconds(60))
                        .lines()
                        .map(line -> line.split(","))
                        .filter(line -> line[2].equals("conversion"))
                        .toList();

        assertThat(lines)
                .extracting(line -> String.join(" ", Arrays.copyOfRange(line, 4, 8)))
                .containsExactly(
                        "\"A-1\" receivable_stripe EUR 9.00",
                        "\"A-1\" conversion EUR -9.00",
                        "\"A-1\" conversion USD 10.00",
                        "\"A-1\" receivable_stripe USD -10.00");
        assertThat(lines).extracting(line -> line[1]).containsOnly(lines.getFirst()[1]);
    }

    @Test
    void refunds_are_changed_at_the_rate_of_their_day_and_back_where_they_fail() throws Exception {
        String id = paid();
        rate("0.8");
        refund(id, 300);
        rate("0.5");
        refund(id, 100);
        assertThat(shop.show(id)).isEqualTo("partially_refunded");
        assertThat(balances())
                .containsEntry("refunds usd", 400L)
                .containsEntry("receivable_stripe usd", 0L)
                .containsEntry("receivable_stripe eur", 900L - 36 - 240 - 50);
        assertBooksAreStripes();

        rate("0.7");
        String failed = (String) theOne("refund").get("id");
        shop.stripe.with(world -> {
            world.failRefund(failed);
            return true;
        });
        shop.deliverAll();

        assertThat(balances())
                .containsEntry("refunds usd", 100L)
                .containsEntry("receivable_stripe eur", 900L - 36 - 240 - 50 + 210)
                .containsEntry("conversion usd", 1000L - 100);
        assertBooksAreStripes();
    }

    @Test
    void a_payout_of_what_was_changed_is_one_of_the_currency_that_it_settled_in() throws Exception {
        paid();
        shop.stripe.with(world -> world.payOut("eur", 864));
        shop.deliverAll();

        assertThat(balances())
                .containsEntry("payouts eur", 864L)
                .containsEntry("receivable_stripe eur", 0L)
                .containsEntry("receivable_stripe usd", 0L);
        assertBooksAreStripes();
    }

    /// Has Stripe tell what an object's movement of the balance was only once the money is compared.
    private void toldLate(String kind, Runnable happens) throws Exception {
        shop.stripe.shape(object -> {
            if (object.path("object").asString("").equals(kind)) {
                object.remove("balance_transaction");
                object.remove("failure_balance_transaction");
                object.remove("balance_transactions");
            }
            if (kind.equals("charge")
                    && object.path("latest_charge") instanceof ObjectNode charge) {
                charge.remove("balance_transaction");
            }
        });
        happens.run();
        shop.deliverAll();
        shop.stripe.shape(_ -> {});
    }

    @Test
    void what_a_payment_came_to_is_booked_by_comparing_where_nothing_told_of_it() throws Exception {
        String id = waiting();
        toldLate("charge", () -> shop.buyerPays(id, VISA));
        assertThat(balances())
                .containsOnly(
                        Map.entry("revenue usd", -1000L),
                        Map.entry("receivable_stripe usd", 1000L));

        shop.clock.advance(Duration.ofMinutes(11));
        assertThat(shop.payments.reconcile(Instant.EPOCH, shop.inbox).isClean()).isTrue();
        assertBooksAreStripes();
        assertThat(balances()).containsEntry("receivable_stripe eur", 864L);
    }

    @Test
    void what_a_refund_and_a_dispute_came_to_is_booked_by_comparing_where_nothing_told_of_it()
            throws Exception {
        String id = paid();
        String intent = shop.intentId(id);
        toldLate(
                "refund",
                () ->
                        shop.stripe.with(world -> {
                            world.refund(intent, 300);
                            return true;
                        }));
        toldLate("dispute", () -> shop.stripe.with(world -> world.dispute(intent)));

        shop.clock.advance(Duration.ofMinutes(11));
        assertThat(shop.payments.reconcile(Instant.EPOCH, shop.inbox).isClean()).isTrue();

        assertBooksAreStripes();
        assertThat(balances()).containsEntry("receivable_stripe eur", 900L - 36 - 270 - 900 - 1350);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_dispute_of_a_payment_that_was_changed_is_booked_as_it_moved(boolean won)
            throws Exception {
        String id = paid();
        String intent = shop.intentId(id);
        rate("0.8");
        String dispute = shop.stripe.with(world -> world.dispute(intent));
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("disputed");
        assertThat(balances())
                .containsEntry("disputes usd", 1000L)
                .containsEntry("receivable_stripe usd", 0L)
                .containsEntry("fees eur", 36L + 1200)
                .containsEntry("receivable_stripe eur", 900L - 36 - 800 - 1200);
        assertBooksAreStripes();

        rate("0.7");
        shop.stripe.with(world -> {
            world.closeDispute(dispute, won);
            return true;
        });
        shop.deliverAll();

        assertThat(balances())
                .containsEntry("disputes usd", won ? 0L : 1000L)
                .containsEntry("receivable_stripe eur", 900L - 36 - 800 - 1200 + (won ? 700 : 0));
        assertBooksAreStripes();
    }

    /// A dispute of three hundred yen of a payment of ten dollars, of which two euros go.
    private String disputeInYen(String intent) {
        return shop.stripe.with(world -> {
            String id = world.dispute(intent);
            Map<String, Object> dispute = world.find(id);
            dispute.put("amount", 300L);
            dispute.put("currency", "jpy");
            List<Object> moves = new ArrayList<>((List<?>) dispute.get("balance_transactions"));
            Map<String, Object> moved = world.find(idOf(moves.getFirst()));
            moved.put("amount", -200L);
            moved.put("fee", 0L);
            moved.put("net", -200L);
            dispute.put("balance_transactions", List.of(moved));
            return id;
        });
    }

    private static String idOf(Object moved) {
        return String.valueOf(((Map<?, ?>) moved).get("id"));
    }

    @Test
    void a_dispute_in_another_currency_than_its_payment_holds_all_of_it_and_is_never_added()
            throws Exception {
        String id = paid();
        String dispute = disputeInYen(shop.intentId(id));
        shop.deliverAll();

        Got shown = shop.get("/payments/" + id);
        assertThat(shown.text("status")).isEqualTo("disputed");
        assertThat(shown.number("disputed")).as("in cents, not 300").isEqualTo(1000);
        assertThat(shown.json().path("disputes").get(0).path("amount").asLong()).isEqualTo(300);
        assertThat(shown.json().path("disputes").get(0).path("currency").asString())
                .isEqualTo("jpy");
        Got refused = shop.post("/payments/" + id + "/refunds", "r1", "{\"amount\":1}");
        assertThat(refused.number("refundable")).isZero();
        assertThat(balances())
                .containsEntry("disputes jpy", 300L)
                .containsEntry("receivable_stripe jpy", 0L)
                .containsEntry("receivable_stripe eur", 900L - 36 - 200);
        assertBooksAreStripes();

        shop.stripe.with(world -> {
            world.find(dispute).put("status", "won");
            return true;
        });
        shop.cashier.refresh(id);
        assertThat(shop.show(id)).isEqualTo("paid");
        assertThat(shop.get("/payments/" + id).number("disputed")).isZero();
    }

    @Test
    void a_dispute_in_the_currency_of_the_balance_needs_no_conversion() throws Exception {
        String id = paid();
        String intent = shop.intentId(id);
        shop.stripe.with(world -> {
            Map<String, Object> dispute = world.find(world.dispute(intent));
            dispute.put("amount", 900L);
            dispute.put("currency", "eur");
            return true;
        });
        shop.deliverAll();

        assertThat(shop.get("/payments/" + id).number("disputed")).isEqualTo(1000);
        assertThat(balances())
                .containsEntry("disputes eur", 900L)
                .containsEntry("receivable_stripe eur", -36L - 1350);
        assertBooksAreStripes();
    }

    @Test
    void a_dispute_in_a_currency_that_is_not_known_is_never_guessed_at() throws Exception {
        String id = paid();
        String intent = shop.intentId(id);
        shop.stripe.with(world -> {
            world.find(world.dispute(intent)).put("currency", "xyz");
            return true;
        });

        assertThatExceptionOfType(UnknownWordException.class)
                .isThrownBy(() -> shop.cashier.refresh(id))
                .withMessageContaining("xyz");
        assertThat(shop.get("/payments/" + id).number("disputed")).isZero();
    }

    @Test
    void a_refund_in_another_currency_than_its_payment_does_not_count() throws Exception {
        String id = paid();
        String intent = shop.intentId(id);
        shop.stripe.with(world -> {
            world.refund(intent, 300);
            world.all("refund").getFirst().put("currency", "jpy");
            return true;
        });
        shop.deliverAll();

        assertThat(shop.inboxStates()).contains("dead");
        assertThat(shop.get("/payments/" + id).number("refunded")).isZero();
        assertThat(balances()).doesNotContainKey("refunds usd");
    }
}
