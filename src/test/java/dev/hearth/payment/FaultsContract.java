package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.LogOf;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of payments when Stripe, or the way to it, fails.
abstract class FaultsContract extends ShopContract {
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "RESET_BEFORE",
                "RESET_AFTER",
                "CONFLICT",
                "TOO_MANY",
                "ERROR_BEFORE",
                "ERROR_AFTER",
                "NOT_STRIPE"
            })
    void a_call_without_an_outcome_is_202_and_then_what_it_was(Fault fault) throws Exception {
        shop.stripe.next(fault);
        Got first = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.text("status")).isEqualTo("unknown");
        assertThat(first.headers().first("Location"))
                .hasValue("/payments/" + first.text("payment_id"));
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
    void an_answer_in_words_that_are_not_known_is_looked_at_again_until_it_is_understood()
            throws Exception {
        shop.stripe.next(Fault.RESET_AFTER);
        String id =
                shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).text("payment_id");
        shop.stripe.with(world -> world.intentOf(id).put("status", "requires_a_prayer"));
        shop.clock.advance(Duration.ofSeconds(45));

        Got unheard = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));

        assertThat(unheard.status()).isEqualTo(202);
        shop.stripe.with(world -> world.intentOf(id).put("status", "requires_action"));
        shop.recoverAll();
        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .isEqualTo(201);
        assertThat(shop.show(id)).isEqualTo("requires_action");
        assertThat(stripeHas("payment_intent")).isOne();
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
        assertThat(shop.refunds(paid))
                .extracting(Refund::state)
                .containsExactly(Refund.State.SUCCEEDED, Refund.State.REJECTED);
        assertThat(shop.get("/payments/" + paid).number("refunded")).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"UNAUTHORIZED, 401", "FORBIDDEN, 403"})
    void a_key_that_stripe_refuses_is_503_and_ends_the_calling(Fault fault, int status)
            throws Exception {
        shop.stripe.next(fault);
        Got refused;
        try (LogOf log = LogOf.of(Guarded.class)) {
            refused = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
            assertThat(log.lines())
                    .containsExactly(
                            "ERROR ALARM: Stripe refuses stripe.api_key with status %d for POST /v1/payment_intents; calls pause for PT1M"
                                    .formatted(status));
        }
        assertThat(refused.status()).isEqualTo(503);
        assertThat(shop.show(refused.text("payment_id"))).isEqualTo("unknown");
        assertThat(refused.headers().first("Retry-After")).hasValue("60");
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
    void a_card_that_is_declined_is_402_and_tells_no_more_than_it_must() throws Exception {
        shop.stripe.next(Fault.DECLINED);

        Got declined = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));

        assertThat(declined.status()).isEqualTo(402);
        assertThat(declined.text("decline_code")).isEqualTo("declined");
        assertThat(declined.json().toString()).doesNotContain("stolen", "4242");
        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .as("the same again")
                .isEqualTo(402);
        assertThat(shop.show(declined.text("payment_id"))).isEqualTo("failed");
    }

    @Test
    void a_key_of_ours_that_was_used_for_something_else_is_our_mistake_and_not_sent_again()
            throws Exception {
        shop.stripe.next(Fault.OTHER_PARAMETERS);

        Got ours = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));

        assertThat(ours.status()).isEqualTo(500);
        int calls = shop.stripe.calls().size();
        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .as("the same again")
                .isEqualTo(500);
        assertThat(shop.payments.recover()).isZero();
        assertThat(shop.stripe.calls()).hasSize(calls);
        assertThat(shop.show(ours.text("payment_id"))).isEqualTo("failed");
    }

    @Test
    void stripe_says_how_long_to_wait_and_is_left_alone_so_long() throws Exception {
        shop.stripe.next(Fault.TOO_MANY); // two seconds, the first pause of our own is one
        Got busy = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        assertThat(busy.status()).isEqualTo(202);
        int calls = shop.stripe.calls().size();
        shop.clock.advance(Duration.ofMillis(1_999));
        assertThat(shop.payments.recover()).isZero();
        assertThat(shop.stripe.calls()).hasSize(calls);

        shop.clock.advance(Duration.ofMillis(1));
        assertThat(shop.payments.recover()).isOne();
        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .isEqualTo(201);
    }

    @Test
    void a_stripe_that_fails_and_fails_is_left_alone_and_then_tried_with_one_call()
            throws Exception {
        shop.stripe.weather(() -> Fault.ERROR_BEFORE);
        for (int i = 0; i < 10; i++) {
            shop.post("/payments/intents", "k" + i, Shop.order("A-" + i, 1250));
        }
        int calls = shop.stripe.calls().size();
        assertThat(calls).isEqualTo(10);
        assertThat(shop.post("/payments/intents", "k10", Shop.order("A-10", 1250)).status())
                .isEqualTo(202);
        assertThat(shop.stripe.calls()).as("nothing was sent").hasSize(calls);

        shop.clock.advance(Duration.ofSeconds(5));
        shop.post("/payments/intents", "k11", Shop.order("A-11", 1250));
        shop.post("/payments/intents", "k12", Shop.order("A-12", 1250));
        assertThat(shop.stripe.calls()).as("one was sent").hasSize(calls + 1);

        shop.stripe.weather(() -> Fault.NONE);
        shop.recoverAll();
        assertThat(stripeHas("payment_intent")).isEqualTo(13);
    }

    @Test
    void after_random_faults_everything_is_as_stripe_has_it_and_nothing_was_done_twice()
            throws Exception {
        Random random = new Random(20261121);
        // What passes by itself; the others are final answers.
        List<Fault> faults =
                new ArrayList<>(
                        EnumSet.complementOf(
                                EnumSet.of(
                                        Fault.NONE,
                                        Fault.UNAUTHORIZED,
                                        Fault.FORBIDDEN,
                                        Fault.DECLINED,
                                        Fault.OTHER_PARAMETERS)));
        shop.stripe.slowness(Duration.ofMillis(1));
        shop.stripe.weather(() -> {
            Fault fault = faults.get(random.nextInt(faults.size()));
            return random.nextInt(3) > 0 ? Fault.NONE : fault;
        });
        int payments = Integer.getInteger("hearth.test.payments", 60);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < payments; i++) {
            Got made = shop.post("/payments/intents", "k" + i, Shop.order("A-" + i, 500 + i));
            ids.add(made.text("payment_id"));
            shop.clock.advance(Duration.ofSeconds(random.nextInt(8)));
            shop.payments.recover(); // as the server does all the time
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
                shop.refunds(id).stream()
                        .filter(each -> each.state().takesMoney())
                        .mapToLong(Refund::amount)
                        .sum();
        assertThat(asked).as("what we asked for is what Stripe did").isEqualTo(refunded);
    }

    @Test
    void a_call_that_another_finishes_while_its_answer_is_late_stays_finished() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch finished = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        shop.stripe.shape(_ -> {
            if (first.getAndSet(false)) {
                sent.countDown();
                await(finished);
                throw new IllegalStateException("planted: the answer is lost");
            }
        });
        try (var pool = Executors.newSingleThreadExecutor()) {
            Future<Got> late =
                    pool.submit(
                            () -> shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)));
            await(sent);
            shop.clock.advance(Calls.LEASE.plusSeconds(1));
            assertThat(shop.payments.recover()).isOne();
            finished.countDown();
            assertThat(late.get().status()).isEqualTo(201);
        }
        shop.clock.advance(Duration.ofMinutes(1));

        assertThat(shop.payments.recover()).isZero();
        assertThat(shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).status())
                .isEqualTo(201);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }
}
