package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A Stripe that leaves things out, as servers do that stand in for it: nothing is paid without proof, nothing is booked
/// twice or for the wrong payment, and what can go on does.
abstract class LeanStripeContract extends ShopContract {
    private void without(String kind, String... members) {
        shop.stripe.shape(object -> {
            if (object.path("object").asString("").equals(kind)) {
                object.remove(List.of(members));
            }
        });
    }

    private Got refund(String id, String key, long amount) throws Exception {
        return shop.post("/payments/" + id + "/refunds", key, "{\"amount\":" + amount + "}");
    }

    private String held(String order) throws Exception {
        String body =
                "{\"order_ref\":\"%s\",\"amount\":1250,\"currency\":\"eur\",\"capture\":\"manual\"}"
                        .formatted(order);
        String id = shop.post("/payments/intents", "key-" + order, body).text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();
        return id;
    }

    @Test
    void of_a_list_that_is_not_filtered_no_refund_of_another_payment_counts() throws Exception {
        String other = shop.paid("A-1");
        String mine = shop.paid("A-2");
        String intent = shop.intentId(other);
        shop.stripe.givesWholeLists();
        shop.stripe.with(world -> {
            world.refund(intent, 300);
            return true;
        });

        assertThat(refund(mine, "r1", 100).status()).isEqualTo(201);
        shop.deliverAll();

        assertThat(shop.get("/payments/" + mine).number("refunded")).isEqualTo(100);
        assertThat(shop.get("/payments/" + other).number("refunded")).isEqualTo(300);
        assertThat(shop.inboxStates()).doesNotContain("dead", "retry");
    }

    @Test
    void a_refund_that_does_not_repeat_our_metadata_is_ours_and_one() throws Exception {
        String id = shop.paid("A-1");
        without("refund", "metadata");

        assertThat(refund(id, "r1", 250).text("status")).isEqualTo("succeeded");
        shop.deliverAll();
        refund(id, "r2", 1000);
        shop.deliverAll();

        assertThat(shop.refunds(id)).extracting(Refund::amount).containsExactly(250L, 1000L);
        assertThat(shop.show(id)).isEqualTo("refunded");
    }

    @Test
    void a_refund_without_metadata_whose_event_is_first_is_ours_and_one() throws Exception {
        String id = shop.paid("A-1");
        without("refund", "metadata");
        shop.stripe.next(Fault.RESET_AFTER);
        refund(id, "r1", 250);
        shop.deliverAll();

        shop.recoverAll();

        assertThat(shop.refunds(id))
                .singleElement()
                .matches(each -> each.state() == Refund.State.SUCCEEDED);
        assertThat(refund(id, "r1", 250).status()).isEqualTo(201);
        assertThat(shop.get("/payments/" + id).number("refunded")).isEqualTo(250);
    }

    @Test
    void a_part_that_was_captured_is_not_the_whole_where_the_amount_is_not_told() throws Exception {
        String id = held("A-1");
        without("payment_intent", "amount_received", "latest_charge");

        shop.post("/payments/" + id + "/capture", "c1", "{\"amount\":1000}");
        shop.deliverAll();

        assertThat(shop.get("/payments/" + id).number("captured")).isEqualTo(1000);
        assertThat(balances()).containsEntry("revenue eur", -1000L);
    }

    @Test
    void an_event_about_an_object_that_does_not_say_what_it_is_counts() throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, VISA);

        shop.deliver(
                shop.stripe.with(world -> world.events()).stream()
                        .map(each -> each.replace("\"object\":\"payment_intent\",", ""))
                        .toList());

        assertThat(shop.show(id)).isEqualTo("paid");
    }

    @Test
    void a_refund_by_hand_is_found_where_charges_cannot_be_read() throws Exception {
        String id = shop.paid("A-1");
        String intent = shop.intentId(id);
        shop.stripe.with(world -> {
            world.refund(intent, 300);
            return true;
        });
        List<String> events =
                shop.stripe.with(world -> world.events()).stream()
                        .filter(each -> each.contains("\"charge.refunded\""))
                        .toList();
        String charge = (String) shop.stripe.with(w -> w.all("charge").getFirst().get("id"));
        shop.stripe.lacks("/v1/charges/" + charge);

        shop.deliver(events);

        assertThat(shop.get("/payments/" + id).number("refunded")).isEqualTo(300);
    }

    @Test
    void a_session_that_does_not_tell_its_amount_waits_and_is_not_paid_without_it()
            throws Exception {
        without("checkout.session", "amount_total", "currency");
        Got made = shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250));
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("url")).isNotEmpty();
        String id = made.text("payment_id");

        shop.stripe.shape(object -> {
            if (object.path("object").asString("").equals("checkout.session")) {
                object.remove(List.of("amount_total", "currency", "payment_intent"));
                object.put("status", "complete");
                object.put("payment_status", "paid");
            }
        });
        shop.payments.reconcile(Instant.EPOCH, shop.inbox);

        assertThat(shop.show(id)).isEqualTo("pending");
        assertThat(balances()).isEmpty();
    }

    @Test
    void a_session_that_does_not_tell_its_amount_is_paid_by_what_its_intent_tells()
            throws Exception {
        without("checkout.session", "amount_total", "currency");
        String id =
                shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250)).text("payment_id");
        String session =
                shop.records.find(id).orElseThrow().payment().stripeSession().orElseThrow();
        shop.stripe.with(world -> {
            world.payCheckout(session, VISA);
            return true;
        });

        shop.deliverAll();

        assertThat(shop.show(id)).isEqualTo("paid");
    }

    @Test
    void an_invoice_may_write_its_currency_in_capitals() throws Exception {
        shop.stripe.shape(object -> {
            if (object.path("object").asString("").equals("invoice")) {
                object.put("currency", "EUR");
            }
        });
        String body =
                "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\",\"email\":\"a@b.example\"}";

        assertThat(shop.post("/payments/invoices", "k1", body).status()).isEqualTo(201);
    }

    @Test
    void an_answer_without_an_id_is_asked_for_again() throws Exception {
        without("payment_intent", "id");
        Got first = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        assertThat(first.status()).isEqualTo(202);

        shop.stripe.shape(_ -> {});
        shop.recoverAll();

        Got again = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        assertThat(again.status()).isEqualTo(201);
        assertThat(stripeHas("payment_intent")).isOne();
    }

    @Test
    void an_answer_that_begins_with_a_byte_order_mark_is_read() throws Exception {
        shop.stripe.beginsWith("\uFEFF");

        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .isEqualTo(201);
    }

    @Test
    void an_id_that_another_payment_has_is_refused_in_words() throws Exception {
        shop.stripe.shape(object -> object.put("id", "pi_always_the_same"));
        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .isEqualTo(201);

        Got second = shop.post("/payments/intents", "k2", Shop.order("A-2", 900));

        assertThat(second.status()).isEqualTo(502);
        assertThat(second.text("type")).endsWith("mismatch");
        assertThat(shop.show(second.text("payment_id"))).isEqualTo("failed");
    }

    @Test
    void a_session_that_is_paid_with_an_intent_not_yet_named_is_refunded_later() throws Exception {
        Got made = shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250));
        String id = made.text("payment_id");
        String session =
                shop.records.find(id).orElseThrow().payment().stripeSession().orElseThrow();
        shop.stripe.with(world -> {
            world.payCheckout(session, VISA);
            return true;
        });
        without("checkout.session", "payment_intent");
        shop.deliver(
                shop.stripe.with(world -> world.events()).stream()
                        .filter(each -> each.contains("checkout.session.completed"))
                        .toList());
        assertThat(shop.show(id)).isEqualTo("paid");

        Got early = refund(id, "r1", 100);
        shop.deliverAll();

        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("type")).endsWith("no-intent-yet");
        assertThat(refund(id, "r2", 100).status()).isEqualTo(201);
    }

    @Test
    void a_call_that_cannot_be_looked_up_is_sent_again_with_its_key() throws Exception {
        String id = shop.paid("A-1");
        shop.stripe.lacks("/v1/refunds");
        shop.stripe.next(Stream.generate(() -> Fault.ERROR_BEFORE).limit(6).toArray(Fault[]::new));
        assertThat(refund(id, "r1", 250).status()).isEqualTo(202);

        for (int round = 0; round < 8; round++) {
            shop.clock.advance(Duration.ofMinutes(6));
            shop.payments.recover();
        }
        assertThat(stripeHas("refund")).isOne();
        shop.stripe.lacks();
        shop.recoverAll();
        assertThat(refund(id, "r1", 250).status()).isEqualTo(201);
    }
}
