package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.RefusedException;
import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How payments are captured, canceled and refunded.
abstract class ChangingContract extends ShopContract {
    @Test
    void held_money_is_captured_in_part_and_no_second_time() throws Exception {
        String body =
                "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\",\"capture_method\":\"manual\"}";
        String id = shop.post("/payments/intents", "k1", body).text("payment_id");
        assertThat(shop.post("/payments/" + id + "/capture", "", "").status()).isEqualTo(409);
        shop.buyerPays(id, VISA);
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("authorized");
        assertThat(shop.post("/payments/" + id + "/capture", "", "{\"amount\":1251}").status())
                .isEqualTo(422);

        Got captured = shop.post("/payments/" + id + "/capture", "", "{\"amount\":1000}");

        assertThat(captured.status()).isEqualTo(200);
        assertThat(captured.text("status")).isEqualTo("paid");
        assertThat(captured.number("captured")).isEqualTo(1000);
        Got again = shop.post("/payments/" + id + "/capture", "", "{\"amount\":1000}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text("status")).isNotEmpty();
        assertThat(balances()).containsEntry("revenue eur", -1000L);
        shop.deliverAll();
        assertThat(shop.get("/payments/" + id).number("refunded"))
                .as("what was not captured was never ours to refund")
                .isZero();
        Got refund = shop.post("/payments/" + id + "/refunds", "r1", "");
        assertThat(refund.number("amount")).isEqualTo(1000);
        assertThat(shop.show(id)).isEqualTo("refunded");
        assertThat(balances()).containsEntry("refunds eur", 1000L);
    }

    @Test
    void held_money_that_is_let_go_is_no_refund() throws Exception {
        String body =
                "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\",\"capture_method\":\"manual\"}";
        String id = shop.post("/payments/intents", "k1", body).text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();

        Got canceled = shop.post("/payments/" + id + "/cancel", "", "");

        assertThat(canceled.text("status")).isEqualTo("canceled");
        shop.deliverAll();
        assertThat(shop.inboxStates()).doesNotContain("dead");
        assertThat(shop.refunds(id)).isEmpty();
        assertThat(balances()).isEmpty();
    }

    @Test
    void held_money_that_stripe_lets_go_by_itself_ends_the_payment() throws Exception {
        String body =
                "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\",\"capture_method\":\"manual\"}";
        String id = shop.post("/payments/intents", "k1", body).text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();
        String intent = shop.intentId(id);

        shop.stripe.with(world -> world.cancelIntent(intent));
        shop.deliverAll();

        assertThat(shop.show(id)).isEqualTo("canceled");
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    @Test
    void what_is_not_paid_can_be_canceled_and_its_order_paid_anew() throws Exception {
        String id = shop.intent("A-1");
        Got canceled = shop.post("/payments/" + id + "/cancel", "", "");
        assertThat(canceled.status()).isEqualTo(200);
        assertThat(canceled.text("status")).isEqualTo("canceled");
        assertThat(shop.post("/payments/" + id + "/cancel", "", "").status()).isEqualTo(409);

        Got page = shop.post("/payments/checkout", "k2", Shop.order("A-1", 1250));
        assertThat(page.status()).isEqualTo(201);
        Got expired = shop.post("/payments/" + page.text("payment_id") + "/cancel", "", "");
        assertThat(expired.text("status")).isEqualTo("expired");
        shop.deliverAll();
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    @Test
    void refunds_take_from_what_is_left_and_one_that_fails_later_is_reversed() throws Exception {
        String id = shop.paid("A-1");
        Got part = shop.post("/payments/" + id + "/refunds", "r1", "{\"amount\":250}");
        assertThat(part.status()).isEqualTo(201);
        assertThat(part.text("status")).isEqualTo("succeeded");
        assertThat(shop.show(id)).isEqualTo("partially_refunded");
        Got tooMuch = shop.post("/payments/" + id + "/refunds", "r2", "{\"amount\":1001}");
        assertThat(tooMuch.status()).isEqualTo(409);
        assertThat(tooMuch.number("refundable")).isEqualTo(1000);
        assertThat(shop.post("/payments/" + id + "/refunds", "r3", "").status()).isEqualTo(201);
        assertThat(shop.show(id)).isEqualTo("refunded");
        assertThat(balances()).containsEntry("refunds eur", 1250L);

        String refund =
                shop.stripe.with(objects -> (String) objects.all("refund").getFirst().get("id"));
        shop.stripe.with(objects -> {
            objects.failRefund(refund);
            return true;
        });
        shop.deliverAll();

        assertThat(shop.show(id)).isEqualTo("partially_refunded");
        assertThat(balances()).containsEntry("refunds eur", 1000L);
    }

    @Test
    void refunds_from_eight_threads_never_exceed_what_was_paid() throws Exception {
        String id = shop.paid("A-1");

        List<Got> all =
                together(
                        8,
                        n ->
                                shop.post(
                                        "/payments/" + id + "/refunds",
                                        "r" + n,
                                        "{\"amount\":500}"));

        assertThat(all).extracting(Got::status).containsOnly(201, 409);
        assertThat(all).filteredOn(got -> got.status() == 201).hasSize(2);
        assertThat(stripeHas("refund")).isEqualTo(2);
        assertThat(shop.get("/payments/" + id).number("refunded")).isEqualTo(1000);
    }

    @Test
    void a_capture_whose_outcome_is_not_known_is_no_answer_to_one_of_another_amount()
            throws Exception {
        String body =
                "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\",\"capture_method\":\"manual\"}";
        String id = shop.post("/payments/intents", "k1", body).text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();
        String path = "/payments/" + id + "/capture";
        shop.stripe.next(Fault.RESET_BEFORE);
        assertThat(shop.post(path, "c1", "{\"amount\":1000}").status()).isEqualTo(202);

        for (String other : List.of("{\"amount\":700}", "{}")) {
            Got refused = shop.post(path, "", other);
            assertThat(refused.status()).as(other).isEqualTo(409);
            assertThat(refused.text("type")).endsWith("request-in-progress");
        }
        assertThat(shop.post(path, "", "{\"amount\":1000}").status()).isEqualTo(202);

        shop.recoverAll();
        assertThat(shop.post(path, "c1", "{\"amount\":1000}").number("captured")).isEqualTo(1000);
    }

    private String held() throws Exception {
        String body =
                "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\",\"capture_method\":\"manual\"}";
        String id = shop.post("/payments/intents", "k1", body).text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();
        return id;
    }

    private long sent(String call) {
        return shop.stripe.calls().stream().filter(each -> each.endsWith(call)).count();
    }

    @ParameterizedTest
    @CsvSource({"RESET_BEFORE, capture", "RESET_AFTER, capture", "RESET_AFTER, cancel"})
    void a_second_key_that_met_what_the_first_had_begun_gets_the_same_answer_ever_after(
            Fault fault, String what) throws Exception {
        String id = held();
        String path = "/payments/" + id + "/" + what;
        shop.stripe.next(fault);
        assertThat(shop.post(path, "c1", "{}").status()).isEqualTo(202);
        assertThat(shop.post(path, "c2", "{}").status()).isEqualTo(202);
        assertThat(shop.post(path, "c2", "{\"amount\":700}").text("type"))
                .endsWith("idempotency-key-reused");
        shop.recoverAll();
        shop.deliverAll();

        Got first = shop.post(path, "c1", "{}");
        Got second = shop.post(path, "c2", "{}");

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json()).isEqualTo(first.json());
        long calls = sent("/" + what);
        shop.clock.advance(Duration.ofDays(2));
        assertThat(shop.post(path, "c2", "{}").json()).isEqualTo(first.json());
        assertThat(sent("/" + what)).isEqualTo(calls);
    }

    @Test
    void captures_of_a_program_that_meet_are_one_and_none_fails_for_it() throws Exception {
        String id = held();
        shop.stripe.next(Fault.SLOW);

        List<Got> all =
                together(
                        8,
                        _ -> {
                            try {
                                shop.cashier.capture(id);
                            } catch (RefusedException refused) { // it is under way, or done
                                assertThat(refused.problem().status()).isEqualTo(409);
                            }
                            return shop.get("/payments/" + id);
                        });

        assertThat(all).hasSize(8);
        assertThat(sent("/capture")).isOne();
        assertThat(shop.show(id)).isEqualTo("paid");
    }

    @Test
    void a_second_key_learns_that_what_the_first_had_begun_was_refused() throws Exception {
        String path = "/payments/" + held() + "/capture";
        shop.stripe.next(Fault.RESET_BEFORE, Fault.OTHER_PARAMETERS);
        shop.post(path, "c1", "{}");
        shop.post(path, "c2", "{}");
        shop.recoverAll();

        assertThat(shop.post(path, "c2", "{}").json())
                .isEqualTo(shop.post(path, "c1", "{}").json());
        assertThat(shop.post(path, "c2", "{}").status()).isEqualTo(500);
    }

    @Test
    void captures_under_eight_keys_at_once_are_one_and_no_key_is_left_without_an_answer()
            throws Exception {
        String id = held();
        String path = "/payments/" + id + "/capture";
        shop.stripe.next(Fault.SLOW);

        List<Got> met = together(8, n -> shop.post(path, "c" + n, "{}"));

        for (int n = 0; n < met.size(); n++) {
            boolean joined = met.get(n).text("type").endsWith("request-in-progress");
            Got again = shop.post(path, "c" + n, "{}");
            assertThat(again.status()).isEqualTo(joined ? 200 : met.get(n).status());
        }
        assertThat(met)
                .extracting(Got::status)
                .containsOnly(200, 409)
                .filteredOn(status -> status == 200)
                .isNotEmpty();
        assertThat(sent("/capture")).isOne();
        assertThat(shop.get("/payments/" + id).number("captured")).isEqualTo(1250);
    }
}
