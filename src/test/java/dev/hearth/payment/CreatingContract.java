package dev.hearth.payment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Requests;
import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.StripeStandIn.Fault;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How payments begin.
abstract class CreatingContract extends ShopContract {
    @Test
    void an_intent_is_made_once_and_paid_when_stripe_says_so() throws Exception {
        Got made = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("client_secret")).isNotEmpty();
        assertThat(made.text("status")).isEqualTo("pending");
        String id = made.text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();

        Got shown = shop.get("/payments/" + id);
        assertThat(shown.text("status")).isEqualTo("paid");
        assertThat(shown.number("captured")).isEqualTo(1250);
        assertThat(shown.json().has("client_secret")).isFalse();
        assertThat(balances())
                .containsEntry("revenue eur", -1250L)
                .containsEntry("fees eur", 43L)
                .containsEntry("receivable_stripe eur", 1207L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"intents", "checkout"})
    void an_answer_that_comes_after_something_newer_was_written_has_stripe_asked(String what)
            throws Exception {
        shop.payments.watchCalls((method, _) -> {
            if (method.equals("POST")) {
                writeSomethingNewer();
            }
            return _ -> {};
        });

        Got made = shop.post("/payments/" + what, "k1", Shop.order("A-1", 1250));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("status")).isEqualTo("pending");
        assertThat(made.text("client_secret") + made.text("url")).isNotEmpty();
        assertThat(shop.stripe.calls())
                .extracting(call -> call.substring(0, call.indexOf(' ')))
                .containsExactly("POST", "GET");
        assertThat(shop.post("/payments/" + what, "k1", Shop.order("A-1", 1250)).json())
                .isEqualTo(made.json());
    }

    private void writeSomethingNewer() {
        try {
            shop.database.write(tx -> tx.update("UPDATE payment SET version = version + 1"));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void a_checkout_gives_a_page_and_returning_from_it_has_stripe_asked() throws Exception {
        Got made = shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250));
        assertThat(made.status()).isEqualTo(201);
        String session =
                shop.stripe.with(
                        objects -> (String) objects.all("checkout.session").getFirst().get("id"));
        assertThat(made.text("url")).endsWith(session);
        shop.stripe.with(objects -> {
            objects.payCheckout(session, VISA);
            return true;
        });

        Got back = shop.send(Requests.of("GET", "/checkout/return?session_id=" + session));

        String id = made.text("payment_id");
        assertThat(back.status()).isEqualTo(303);
        assertThat(back.headers().first("Location").orElseThrow()).endsWith("payment_id=" + id);
        assertThat(shop.show(id)).isEqualTo("paid");
        shop.deliverAll();
        assertThat(shop.inboxStates()).doesNotContain("dead");
        for (String other : List.of("?session_id=cs_x", "?session_id=", "")) {
            assertThat(shop.send(Requests.of("GET", "/checkout/return" + other)).status())
                    .as(other)
                    .isEqualTo(404);
        }
        assertThat(shop.send(Requests.of("GET", "/checkout/return?session_id=%00")).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"order_ref\":\"half \\ud800\"",
                "\"description\":\"\\udc00\"",
                "\"metadata\":{\"a\":\"\\ud83d\"}",
                "\"metadata\":{\"a\":\"no \\u0000\"}"
            })
    void a_text_that_no_database_keeps_is_refused(String member) throws Exception {
        String body = "{\"amount\":1250,\"currency\":\"eur\",%s}".formatted(member);

        assertThat(shop.post("/payments/intents", "k1", body).status()).isEqualTo(422);
        assertThat(stripeHas("payment_intent")).isZero();
    }

    @Test
    void the_same_request_again_gets_the_same_answer_and_does_nothing() throws Exception {
        Got first = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        Got again = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(stripeHas("payment_intent")).isOne();
        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1251)).status())
                .isEqualTo(422);
        assertThat(shop.post("/payments/intents", "k2", Shop.order("A-1", 1250)).status())
                .as("an order has one payment")
                .isEqualTo(409);
        assertThat(shop.post("/payments/intents", "", Shop.order("A-2", 1250)).status())
                .isEqualTo(400);
    }

    @Test
    void nobody_without_a_key_and_no_other_caller_sees_a_payment() throws Exception {
        String id = shop.intent("A-1");

        Requests bare = Requests.of("GET", "/payments/" + id);
        assertThat(shop.send(bare).status()).isEqualTo(401);
        assertThat(shop.send(bare.with("Authorization", "Bearer ")).status()).isEqualTo(401);
        Requests other = bare.with("Authorization", "Bearer " + Shop.CALLER_KEY + "-of-another");
        assertThat(shop.send(other).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "0.5",
                "1e3",
                "10.0",
                "\"10\"",
                "100000000",
                "99999999999999999999",
                "null",
                "true",
                "[]"
            })
    void an_amount_that_is_none_is_refused_by_name(String amount) throws Exception {
        Got got =
                shop.post(
                        "/payments/intents",
                        "k1",
                        "{\"amount\":%s,\"currency\":\"eur\"}".formatted(amount));

        assertThat(got.status()).isEqualTo(422);
        assertThat(got.json().path("errors").get(0).path("pointer").asString())
                .isEqualTo("/amount");
        assertThat(shop.stripe.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "jpy, 1, 201",
        "jpy, 99999999, 201",
        "eur, 1, 201",
        "kwd, 1230, 201",
        "kwd, 1234, 422",
        "isk, 500, 201",
        "isk, 501, 422",
        "ugx, 500, 201",
        "mga, 7, 201",
        "EUR, 5, 201",
        "xxx, 5, 422",
        "eu, 5, 422"
    })
    void a_currency_counts_as_stripe_counts_it(String currency, long amount, int status)
            throws Exception {
        Got got =
                shop.post(
                        "/payments/intents",
                        "k1",
                        "{\"amount\":%d,\"currency\":\"%s\"}".formatted(amount, currency));

        assertThat(got.status()).isEqualTo(status);
    }

    @Test
    void one_key_from_eight_threads_makes_one_payment() throws Exception {
        shop.stripe.weather(() -> Fault.SLOW);

        List<Got> all =
                together(8, _ -> shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)));

        assertThat(all).extracting(Got::status).containsOnly(201, 409);
        assertThat(all).filteredOn(got -> got.status() == 201).isNotEmpty();
        assertThat(stripeHas("payment_intent")).isOne();
    }

    @Test
    void a_request_under_two_keys_is_refused() throws Exception {
        Got got =
                shop.send(
                        Requests.of("POST", "/payments/intents")
                                .with("Authorization", "Bearer " + Shop.CALLER_KEY)
                                .with("Idempotency-Key", "k1")
                                .with("Idempotency-Key", "k2")
                                .body(Shop.order("A-1", 1250).getBytes(UTF_8)));
        assertThat(got.status()).isEqualTo(400);
        assertThat(got.text("type")).endsWith("idempotency-key-malformed");
        assertThat(stripeHas("payment_intent")).isZero();
    }

    @Test
    void of_many_at_once_each_gets_its_own_answer_and_history() throws Exception {
        List<Got> all =
                together(
                        24,
                        n ->
                                shop.post(
                                        "/payments/intents",
                                        "k" + n,
                                        Shop.order("A-" + n / 2, 900 + n)));

        assertThat(all).extracting(Got::status).containsOnly(201, 409);
        for (int n = 0; n < all.size(); n += 2) {
            List<Got> ofOrder = all.subList(n, n + 2);
            assertThat(ofOrder).extracting(Got::status).containsExactlyInAnyOrder(201, 409);
            assertThat(ofOrder)
                    .extracting(got -> got.text("payment_id"))
                    .containsOnly(ofOrder.getFirst().text("payment_id"));
            Got made = ofOrder.get(ofOrder.getFirst().status() == 201 ? 0 : 1);
            assertThat(made.text("order_ref")).isEqualTo("A-" + n / 2);
            assertThat(made.number("amount")).isEqualTo(900 + all.indexOf(made));
            List<PaymentStep> steps =
                    shop.records.find(made.text("payment_id")).orElseThrow().steps();
            assertThat(steps).extracting(PaymentStep::status).containsExactly("created", "pending");
            assertThat(steps)
                    .extracting(step -> step.cause().kind())
                    .containsExactly(Cause.Kind.REQUEST, Cause.Kind.CALL);
            assertThat(steps.getLast().cause().id()).isEqualTo(callOf(made.text("payment_id")));
        }
        assertThat(stripeHas("payment_intent")).isEqualTo(12);
    }

    private Optional<String> callOf(String paymentId) throws SQLException {
        return shop.database.read(tx ->
                tx.first(
                        "SELECT id FROM api_call WHERE payment_id = ?",
                        row -> row.text("id"),
                        paymentId));
    }
}
