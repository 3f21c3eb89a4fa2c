package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How payments follow what Stripe tells, whenever it does.
abstract class EventsContract extends ShopContract {
    @Test
    void a_completed_session_without_money_is_processing_until_the_bank_has_decided()
            throws Exception {
        Got made = shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250));
        String id = made.text("payment_id");
        String session =
                shop.stripe.with(
                        objects -> (String) objects.all("checkout.session").getFirst().get("id"));
        shop.stripe.with(objects -> {
            objects.payCheckout(session, "processing");
            return true;
        });
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("processing");

        String intent = shop.intentId(id);
        shop.stripe.with(objects -> {
            objects.settle(intent, true);
            return true;
        });
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
    }

    @Test
    void a_declined_card_can_be_followed_by_another() throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, DECLINED);
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("failed");
        assertThat(shop.get("/payments/" + id).text("client_secret")).isNotEmpty();

        shop.buyerPays(id, VISA);
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
    }

    @Test
    void a_dispute_takes_the_money_and_winning_it_brings_it_back() throws Exception {
        String id = shop.paid("A-1");
        String intent = shop.intentId(id);
        String dispute = shop.stripe.with(objects -> objects.dispute(intent));
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("disputed");
        assertThat(balances()).containsEntry("disputes eur", 1250L);
        assertThat(shop.post("/payments/" + id + "/refunds", "r1", "").status()).isEqualTo(409);

        shop.stripe.with(objects -> {
            objects.closeDispute(dispute, true);
            return true;
        });
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
        assertThat(balances()).containsEntry("disputes eur", 0L);
    }

    @Test
    void every_order_of_events_gives_the_same_end() throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, DECLINED);
        shop.buyerPays(id, "4000002500003155");
        String intent = shop.intentId(id);
        shop.stripe.with(objects -> {
            objects.settle(intent, true);
            return true;
        });
        List<String> events = shop.stripe.with(objects -> objects.events());
        shop.deliver(events.reversed());
        shop.deliver(events);

        assertThat(shop.show(id)).isEqualTo("paid");
        assertThat(shop.inboxStates()).doesNotContain("dead");
        assertThat(balances()).containsEntry("revenue eur", -1250L);
    }

    @Test
    void an_amount_that_differs_is_never_paid() throws Exception {
        String id = shop.intent("A-1");
        String intent = shop.intentId(id);
        shop.stripe.with(objects -> {
            objects.find(intent).put("amount", 125L);
            objects.pay(intent, VISA);
            return true;
        });
        shop.deliverAll();

        assertThat(shop.show(id)).isEqualTo("pending");
        assertThat(shop.inboxStates()).contains("dead");
    }

    @Test
    void a_webhook_that_comes_before_our_own_answer_finds_its_payment() throws Exception {
        shop.stripe.next(Fault.RESET_AFTER);
        String id =
                shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");

        shop.recoverAll();
        Got again = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("status")).isEqualTo("paid");
    }

    @Test
    void webhooks_that_never_came_are_made_good_and_do_no_harm_when_they_come() throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, VISA);
        String other = shop.intent("A-2");
        shop.stripe.with(objects -> {
            objects.find(String.valueOf(objects.intentOf(other).get("id")))
                    .put("status", "processing");
            return true; // a change that leaves no event
        });
        shop.clock.advance(Duration.ofMinutes(1));

        Reconcile.Report report =
                shop.payments.reconcile(shop.clock.instant().minusSeconds(7200), shop.inbox);

        assertThat(report.missed()).hasSize(1);
        assertThat(report.differed()).contains(other);
        assertThat(shop.show(other)).isEqualTo("processing");
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
        Reconcile.Report again =
                shop.payments.reconcile(shop.clock.instant().minusSeconds(7200), shop.inbox);
        assertThat(again.missed()).isEmpty();
        assertThat(again.differed()).isEmpty();
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }
}
