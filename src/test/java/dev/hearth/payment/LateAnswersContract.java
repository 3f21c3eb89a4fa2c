package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Attempts that take longer than their lease, so that another process does the same meanwhile: nothing is done twice, and
/// the answer that is kept is the one that everybody gets.
abstract class LateAnswersContract extends ShopContract {
    private static final String BILL =
            """
            {"order_ref":"B-1","amount":125000,"currency":"eur","email":"ada@example.com","due_days":30}
            """;

    @FunctionalInterface
    private interface Meanwhile {
        void run() throws Exception;
    }

    /// Asks, and holds Stripe's first answer back until the lease is over and something else has happened.
    private Got late(Callable<Got> asking, Meanwhile meanwhile) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch finished = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        shop.stripe.shape(_ -> {
            if (first.getAndSet(false)) {
                sent.countDown();
                await(finished);
            }
        });
        try (var pool = Executors.newSingleThreadExecutor()) {
            Future<Got> late = pool.submit(asking);
            await(sent);
            shop.clock.advance(Calls.LEASE.plusSeconds(1));
            try {
                meanwhile.run();
            } finally {
                finished.countDown();
            }
            return late.get();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    private Got asked() throws Exception {
        return shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
    }

    @Test
    void a_late_answer_is_the_one_that_was_kept_however_much_has_happened_since() throws Exception {
        Got late =
                late(
                        this::asked,
                        () -> {
                            assertThat(shop.payments.recover()).isOne();
                            shop.buyerPays(asked().text("payment_id"), VISA);
                            shop.deliverAll();
                        });

        assertThat(late.status()).isEqualTo(201);
        assertThat(late.json()).isEqualTo(asked().json());
        assertThat(shop.show(late.text("payment_id"))).isEqualTo("paid");
        assertThat(stripeHas("payment_intent")).isOne();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"OTHER_PARAMETERS", "CONFLICT", "ERROR_BEFORE", "FORBIDDEN"})
    void a_late_failure_is_no_answer_to_what_was_done_meanwhile(Fault fault) throws Exception {
        shop.stripe.next(fault);
        Got late = late(this::asked, () -> assertThat(shop.payments.recover()).isOne());

        assertThat(late.status()).isEqualTo(201);
        assertThat(late.json()).isEqualTo(asked().json());
        assertThat(shop.show(late.text("payment_id"))).isEqualTo("pending");
    }

    @Test
    void a_late_failure_while_another_tries_is_202_and_leaves_the_try_to_the_other()
            throws Exception {
        shop.stripe.next(Fault.ERROR_BEFORE, Fault.TOO_MANY);
        Got late = late(this::asked, () -> assertThat(shop.payments.recover()).isOne());

        assertThat(late.status()).isEqualTo(202);
        shop.recoverAll();
        assertThat(asked().status()).isEqualTo(201);
        assertThat(stripeHas("payment_intent")).isOne();
    }

    @Test
    void a_late_answer_that_nobody_has_a_key_for_is_what_the_payment_is() throws Exception {
        String body =
                "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\",\"capture_method\":\"manual\"}";
        String id = shop.post("/payments/intents", "k1", body).text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();

        Got late =
                late(
                        () -> shop.post("/payments/" + id + "/capture", "", "{}"),
                        () -> {
                            assertThat(shop.payments.recover()).isOne();
                            shop.post("/payments/" + id + "/refunds", "r1", "{\"amount\":250}");
                        });

        assertThat(late.status()).isEqualTo(200);
        assertThat(late.text("status")).isEqualTo("partially_refunded");
    }

    @Test
    void an_invoice_whose_first_call_is_answered_late_is_made_once() throws Exception {
        Callable<Got> asking = () -> shop.post("/payments/invoices", "k1", BILL);
        Got late = late(asking, () -> assertThat(shop.payments.recover()).isOne());
        shop.recoverAll();

        assertThat(late.status()).isEqualTo(201);
        assertThat(late.json()).isEqualTo(asking.call().json());
        assertThat(stripeHas("customer")).isOne();
        assertThat(stripeHas("invoice")).isOne();
    }

    private Got refund(String id, String key, long amount) throws Exception {
        return shop.post("/payments/" + id + "/refunds", key, "{\"amount\":" + amount + "}");
    }

    @Test
    void a_process_that_stood_still_for_a_day_does_not_send_what_another_gave_up()
            throws Exception {
        String id = shop.paid("A-1");
        refund(id, "r0", 100);
        shop.stripe.next(Fault.ERROR_BEFORE, Fault.ERROR_BEFORE, Fault.ERROR_BEFORE);
        refund(id, "r1", 200);
        for (int attempt = 2; attempt <= 3; attempt++) {
            shop.clock.advance(Duration.ofSeconds(45));
            shop.payments.recover();
        }
        shop.clock.advance(Duration.ofSeconds(45));

        Got late = // it looks for the refund now, and stands still before it would send it again
                late(
                        () -> refund(id, "r1", 200),
                        () -> {
                            shop.clock.advance(Duration.ofHours(24));
                            assertThat(shop.payments.recover()).isOne();
                            assertThat(refund(id, "r2", 300).status()).isEqualTo(201);
                        });
        shop.recoverAll();

        assertThat(late.text("type")).endsWith("not-done");
        assertThat(late.json()).isEqualTo(refund(id, "r1", 200).json());
        assertThat(stripeHas("refund")).isEqualTo(2);
        assertThat(shop.get("/payments/" + id).number("refunded")).isEqualTo(400);
    }
}
