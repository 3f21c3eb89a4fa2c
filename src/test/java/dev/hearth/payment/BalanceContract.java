package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The books against Stripe's balance.
abstract class BalanceContract extends ShopContract {
    private Reconcile.Report compare() throws Exception {
        shop.clock.advance(Duration.ofMinutes(11)); // what is newer may still be on its way
        return shop.payments.reconcile(Instant.EPOCH, shop.inbox);
    }

    private void assertNoDifference() throws Exception {
        assertThat(compare().balances())
                .isNotEmpty()
                .allMatch(finding -> finding.difference() == 0, "no difference")
                .allMatch(finding -> finding.unmatched().isEmpty(), "nothing unmatched");
    }

    @Test
    void whatever_has_happened_the_difference_is_nothing() throws Exception {
        String refunded = shop.paid("A-1");
        shop.post("/payments/" + refunded + "/refunds", "r1", "{\"amount\":250}");
        String failed =
                shop.stripe.with(world -> (String) world.all("refund").getFirst().get("id"));
        String won = shop.intentId(shop.paid("A-2"));
        String lost = shop.intentId(shop.paid("A-3"));
        shop.stripe.with(world -> {
            world.failRefund(failed);
            world.closeDispute(world.dispute(won), true);
            world.closeDispute(world.dispute(lost), false);
            world.payOut("eur", 500);
            return true;
        });
        shop.deliverAll();
        String payout = shop.stripe.with(world -> world.payOut("eur", 300));
        shop.deliverAll();
        shop.stripe.with(world -> {
            world.failPayout(payout);
            world.moveUntold("stripe_fee", "eur", -199);
            return true;
        });
        shop.deliverAll();

        Reconcile.Report report = compare();

        assertThat(report.balances())
                .singleElement()
                .matches(finding -> finding.difference() == 0, "no difference")
                .matches(finding -> finding.unmatched().isEmpty(), "nothing unmatched")
                .matches(finding -> finding.stripe() != 0, "something compared");
        assertThat(report.isClean()).isTrue();
        assertThat(balances())
                .containsEntry("payouts eur", 500L)
                .containsEntry("receivable_stripe eur", report.balances().getFirst().stripe());
    }

    @Test
    void what_moved_and_is_not_in_the_books_is_named() throws Exception {
        shop.paid("A-1");
        String untold = shop.stripe.with(world -> world.moveUntold("topup", "eur", 77));

        Reconcile.Report report = compare();

        assertThat(report.isClean()).isFalse();
        assertThat(report.balances())
                .singleElement()
                .matches(finding -> finding.difference() == 77)
                .extracting(BalanceFinding::unmatched)
                .isEqualTo(untold);
        long kept =
                shop.database
                        .read(tx ->
                                tx.first(
                                        "SELECT COUNT(*) AS n FROM balance_check WHERE stripe <> journal",
                                        row -> row.number("n")))
                        .orElseThrow();
        assertThat(kept).isOne();
    }

    @Test
    void money_of_other_uses_of_the_account_is_left_alone() throws Exception {
        shop.stripe.with(world -> {
            world.payOther(5_000, "eur");
            return true;
        });

        assertThat(compare().balances()).isEmpty();
    }

    /// A payment whose money moved only after it had succeeded, as with Stripe's asynchronous captures. Gives its
    /// charge.
    private Map<String, Object> paidBeforeItMoved() throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, VISA);
        Map<String, Object> charge = shop.stripe.with(world -> world.all("charge").getFirst());
        Object moved = shop.stripe.with(world -> charge.put("balance_transaction", null));
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
        assertThat(balances()).doesNotContainKey("fees eur");
        shop.stripe.with(world -> charge.put("balance_transaction", moved));
        return charge;
    }

    @Test
    void a_fee_that_is_known_only_after_its_payment_is_booked_when_the_charge_tells()
            throws Exception {
        Map<String, Object> charge = paidBeforeItMoved();
        shop.deliver(
                List.of(
                        """
                        {"id":"evt_later","object":"event","type":"charge.updated","created":1,
                         "data":{"object":{"id":"%s","object":"charge"}}}
                        """
                                .formatted(charge.get("id"))));
        assertThat(balances()).containsEntry("fees eur", 43L);
        assertNoDifference();
    }

    @Test
    void a_fee_of_which_no_event_told_is_booked_when_the_balance_is_compared() throws Exception {
        paidBeforeItMoved();
        assertNoDifference();
        assertThat(balances()).containsEntry("fees eur", 43L);
    }

    @Test
    void what_stripe_gives_back_of_a_disputes_fee_is_booked() throws Exception {
        String intent = shop.intentId(shop.paid("A-1"));
        shop.stripe.with(world -> {
            world.closeDispute(world.dispute(intent), true);
            Map<String, Object> back = world.all("balance_transaction").getLast();
            back.put("fee", -1_500L);
            back.put("net", 2_750L);
            return true;
        });
        shop.deliverAll();

        assertThat(balances()).containsEntry("fees eur", 43L);
        assertNoDifference();
    }

    @Test
    void a_fee_of_a_refund_and_one_that_stripe_gives_back_are_booked() throws Exception {
        String id = shop.paid("A-1");
        shop.post("/payments/" + id + "/refunds", "r1", "{\"amount\":250}");
        shop.stripe.with(world -> {
            Map<String, Object> refund = world.all("balance_transaction").getLast();
            refund.put("fee", 10L);
            refund.put("net", -260L);
            world.moveUntold("stripe_fee", "eur", 30);
            return true;
        });
        assertNoDifference();
        assertThat(balances()).containsEntry("fees eur", 43L + 10 - 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pending", "in_transit"})
    void a_payout_on_its_way_has_left_the_balance_and_is_booked_once(String status)
            throws Exception {
        String payout = shop.stripe.with(world -> world.payOut("eur", 500));
        shop.stripe.with(world -> world.find(payout).put("status", status));
        assertNoDifference();
        assertThat(balances()).containsEntry("payouts eur", 500L);

        shop.stripe.with(world -> world.find(payout).put("status", "paid"));
        shop.deliverAll();

        assertThat(balances()).containsEntry("payouts eur", 500L);
        assertNoDifference();
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "canceled"})
    void a_payout_that_came_back_before_anybody_looked_is_booked_both_ways(String status)
            throws Exception {
        shop.stripe.with(world -> {
            String payout = world.payOut("eur", 500);
            world.failPayout(payout);
            world.find(payout).put("status", status);
            return true;
        });
        shop.deliverAll();

        assertThat(balances()).containsEntry("payouts eur", 0L);
        assertNoDifference();
    }

    @Test
    void what_stripe_takes_from_our_bank_is_booked_the_other_way() throws Exception {
        shop.stripe.with(world -> world.payOut("eur", -400));
        shop.deliverAll();

        assertThat(balances()).containsEntry("payouts eur", -400L);
        assertNoDifference();
    }

    @Test
    void a_payout_in_a_state_that_is_not_known_is_not_booked_and_named() throws Exception {
        String payout = shop.stripe.with(world -> world.payOut("eur", 500));
        shop.stripe.with(world -> world.find(payout).put("status", "under_the_mattress"));

        assertThat(compare().balances())
                .singleElement()
                .matches(finding -> finding.difference() == -500);
        assertThat(balances()).doesNotContainKey("payouts eur");
    }

    @Test
    void a_refund_on_its_way_has_left_the_balance_and_is_booked_once() throws Exception {
        String id = shop.paid("A-1");
        shop.stripe.shape(object -> {
            if (object.path("object").asString("").equals("refund")) {
                object.put("status", "pending");
            }
        });
        Got asked = shop.post("/payments/" + id + "/refunds", "r1", "{\"amount\":250}");
        assertThat(asked.text("status")).isEqualTo("pending");
        assertNoDifference();
        assertThat(balances()).containsEntry("refunds eur", 250L);

        shop.stripe.shape(_ -> {});
        shop.deliver(
                List.of(
                        """
                        {"id":"evt_arrived","object":"event","type":"refund.updated","created":1,
                         "data":{"object":{"id":"%s","object":"refund"}}}
                        """
                                .formatted(shop.refunds(id).getFirst().stripeId().orElseThrow())));

        assertThat(shop.refunds(id).getFirst().state()).isEqualTo(Refund.State.SUCCEEDED);
        assertThat(balances()).containsEntry("refunds eur", 250L);
        assertNoDifference();
    }

    @Test
    void a_refund_on_its_way_that_fails_is_booked_both_ways() throws Exception {
        String id = shop.paid("A-1");
        shop.stripe.shape(object -> {
            if (object.path("object").asString("").equals("refund")) {
                object.put("status", "pending");
            }
        });
        shop.post("/payments/" + id + "/refunds", "r1", "{\"amount\":250}");
        shop.stripe.shape(_ -> {});
        shop.stripe.with(world -> {
            world.failRefund((String) world.all("refund").getFirst().get("id"));
            return true;
        });
        shop.deliverAll();

        assertThat(balances()).containsEntry("refunds eur", 0L);
        assertNoDifference();
    }
}
