package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Requests;
import dev.hearth.payment.Shop.Got;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.StripeStandIn.Fault;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What payments promise, on whichever database.
abstract class PaymentsContract {
    private static final String VISA = "4242424242424242";
    private static final String DECLINED = "4000000000000002";

    private Shop shop;

    /// A new, empty database.
    abstract DatabaseLocation location();

    @BeforeEach
    void open() {
        shop = new Shop(location());
    }

    @AfterEach
    void close() throws Exception {
        assertThat(shop.payments.imbalance()).isEmpty();
        shop.close();
    }

    private long stripeHas(String kind) {
        return shop.stripe.with(objects -> objects.all(kind).size());
    }

    private Map<String, Long> balances() throws Exception {
        return shop.payments.balances();
    }

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
        assertThat(shop.send(Requests.of("GET", "/checkout/return?session_id=cs_x")).status())
                .isEqualTo(404);
    }

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

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "RESET_BEFORE",
                "RESET_AFTER",
                "CONFLICT",
                "TOO_MANY",
                "ERROR_BEFORE",
                "ERROR_AFTER"
            })
    void a_call_without_an_outcome_is_202_and_then_what_it_was(Fault fault) throws Exception {
        shop.stripe.next(fault);
        Got first = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.text("status")).isEqualTo("unknown");
        assertThat(shop.show(first.text("payment_id"))).isEqualTo("unknown");

        shop.recoverAll();

        Got again = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("payment_id")).isEqualTo(first.text("payment_id"));
        assertThat(again.text("client_secret")).isNotEmpty();
        assertThat(stripeHas("payment_intent")).isOne();
    }

    @Test
    void a_caller_that_asks_again_sees_the_call_repeated_at_once_when_it_is_due() throws Exception {
        shop.stripe.next(Fault.RESET_AFTER);
        shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250));
        assertThat(shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250)).status())
                .isEqualTo(202);
        shop.clock.advance(Duration.ofSeconds(2));

        Got again = shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250));

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("url")).isNotEmpty();
        assertThat(stripeHas("checkout.session")).isOne();
    }

    @Test
    void after_a_day_a_call_is_looked_for_and_never_sent_again() throws Exception {
        String paid = shop.paid("A-1");
        shop.stripe.next(Fault.RESET_AFTER);
        shop.post("/payments/" + paid + "/refunds", "r1", "{\"amount\":100}");
        shop.stripe.next(Fault.RESET_BEFORE);
        shop.post("/payments/" + paid + "/refunds", "r2", "{\"amount\":200}");
        long sent = shop.stripe.calls().stream().filter("POST /v1/refunds"::equals).count();
        shop.clock.advance(Duration.ofHours(25));

        shop.recoverAll();

        assertThat(shop.stripe.calls().stream().filter("POST /v1/refunds"::equals).count())
                .isEqualTo(sent);
        assertThat(shop.payments.refunds(paid))
                .extracting(Refund::state)
                .containsExactly(Refund.State.SUCCEEDED, Refund.State.REJECTED);
        assertThat(shop.get("/payments/" + paid).number("refunded")).isEqualTo(100);
    }

    @Test
    void a_key_that_stripe_refuses_is_503_and_ends_the_calling() throws Exception {
        shop.stripe.next(Fault.UNAUTHORIZED);

        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .isEqualTo(503);
        assertThat(shop.payments.complaint()).isPresent();
        int calls = shop.stripe.calls().size();
        shop.post("/payments/intents", "k2", Shop.order("A-2", 1250));
        assertThat(shop.stripe.calls()).hasSize(calls);

        shop.clock.advance(Duration.ofSeconds(61));
        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .isEqualTo(201);
        assertThat(shop.payments.complaint()).isEmpty();
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
    void one_key_from_eight_threads_makes_one_payment() throws Exception {
        shop.stripe.weather(() -> Fault.SLOW);

        List<Got> all =
                together(8, _ -> shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)));

        assertThat(all).extracting(Got::status).containsOnly(201, 409);
        assertThat(all).filteredOn(got -> got.status() == 201).isNotEmpty();
        assertThat(stripeHas("payment_intent")).isOne();
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

    @Test
    void the_journal_can_only_be_added_to_and_is_given_as_csv() throws Exception {
        shop.paid("=A-1");

        assertThat(shop.payments.journalCsv())
                .startsWith("booked_at,posting,")
                .contains("\"'=A-1\",receivable_stripe,EUR,12.50");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        shop.database.write(tx -> tx.update("UPDATE journal_entry SET amount = 1")))
                .withMessageContaining("only ever added to");
    }

    @Test
    void after_random_faults_everything_is_as_stripe_has_it_and_nothing_was_done_twice()
            throws Exception {
        Random random = new Random(20261121);
        Fault[] faults = Fault.values();
        shop.stripe.slowness(Duration.ofMillis(1));
        shop.stripe.weather(() -> {
            Fault fault = faults[random.nextInt(faults.length)];
            return random.nextInt(3) > 0 || fault == Fault.UNAUTHORIZED ? Fault.NONE : fault;
        });
        int payments = Integer.getInteger("hearth.test.payments", 60);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < payments; i++) {
            Got made = shop.post("/payments/intents", "k" + i, Shop.order("A-" + i, 500 + i));
            ids.add(made.text("payment_id"));
            shop.clock.advance(Duration.ofSeconds(random.nextInt(8)));
        }
        shop.recoverAll();
        for (String id : ids) {
            if (shop.show(id).equals("pending")) {
                shop.buyerPays(id, random.nextInt(5) == 0 ? DECLINED : VISA);
            }
        }
        shop.deliverAll();
        for (String id : ids) {
            if (shop.show(id).equals("paid") && random.nextBoolean()) {
                for (int part = 0; part < 2; part++) {
                    String body = "{\"amount\":%d}".formatted(100 + random.nextInt(300));
                    for (int again = 0; again < 2; again++) {
                        shop.post("/payments/" + id + "/refunds", "r" + part, body);
                    }
                }
            }
        }
        shop.recoverAll();
        List<String> events = new ArrayList<>(shop.stripe.with(objects -> objects.events()));
        Collections.shuffle(events, random);
        shop.deliver(events);
        shop.deliver(events.subList(0, events.size() / 2));

        assertThat(stripeHas("payment_intent")).isEqualTo(ids.size());
        for (String id : ids) {
            assertSameAsStripe(id);
        }
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    private void assertSameAsStripe(String id) throws Exception {
        Got ours = shop.get("/payments/" + id);
        Map<String, Object> intent = shop.stripe.with(objects -> objects.intentOf(id));
        long refunded =
                shop.stripe.with(objects ->
                        objects.all("refund").stream()
                                .filter(each -> each.get("payment_intent").equals(intent.get("id")))
                                .mapToLong(each -> ((Number) each.get("amount")).longValue())
                                .sum());
        assertThat(ours.number("captured"))
                .isEqualTo(((Number) intent.get("amount_received")).longValue());
        assertThat(ours.number("refunded")).isEqualTo(refunded);
        long asked =
                shop.payments.refunds(id).stream()
                        .filter(each -> each.state().takesMoney())
                        .mapToLong(Refund::amount)
                        .sum();
        assertThat(asked).as("what we asked for is what Stripe did").isEqualTo(refunded);
    }

    @FunctionalInterface
    private interface Task {
        Got run(int n) throws Exception;
    }

    private static List<Got> together(int threads, Task task) throws Exception {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<Got>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int n = i;
                tasks.add(() -> task.run(n));
            }
            List<Got> all = new ArrayList<>();
            for (Future<Got> each : pool.invokeAll(tasks)) {
                all.add(each.get());
            }
            return all;
        }
    }
}
