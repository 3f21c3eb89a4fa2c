package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The books against Stripe's balance.
abstract class BalanceContract extends ShopContract {
    private Reconcile.Report compare() throws Exception {
        shop.clock.advance(Duration.ofMinutes(11)); // what is newer may still be on its way
        return shop.payments.reconcile(Instant.EPOCH, shop.inbox);
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
}
