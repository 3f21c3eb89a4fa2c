package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.hearth.http.RefusedException;
import dev.hearth.http.Requests;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a program of one's own can do with payments.
abstract class CashierContract extends ShopContract {
    private static final Money PRICE = Money.of(1250, Currency.of("eur"));

    @Test
    void an_order_has_one_payment_however_often_it_is_asked_for() throws Exception {
        Payment first = shop.cashier.checkout(Sale.of("A-1", PRICE), Requests.get("/buy"));
        Payment again = shop.cashier.checkout(Sale.of("A-1", PRICE), Requests.get("/buy"));

        assertThat(first.url()).isPresent();
        assertThat(again.url()).isEqualTo(first.url());
        assertThat(stripeHas("checkout.session")).isOne();
        assertThat(shop.cashier.ofOrder("A-1").orElseThrow().id()).isEqualTo(first.id());
        assertThat(shop.show(first.id())).as("the routes show it too").isEqualTo("pending");
    }

    @Test
    void an_order_does_not_change_its_price() throws Exception {
        shop.cashier.intent(Sale.of("A-1", PRICE));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> shop.cashier.intent(Sale.of("A-1", PRICE.times(2))))
                .matches(refused -> refused.problem().status() == 409);
        assertThat(stripeHas("payment_intent")).isOne();
    }

    @Test
    void a_payment_that_stripe_did_not_answer_is_had_by_asking_again() throws Exception {
        shop.stripe.next(Fault.RESET_AFTER);
        Payment first = shop.cashier.intent(Sale.of("A-1", PRICE));
        assertThat(first.state()).isEqualTo(new PaymentState.Unknown());
        assertThat(first.clientSecret()).isEmpty();
        shop.clock.advance(Duration.ofSeconds(2));

        Payment again = shop.cashier.intent(Sale.of("A-1", PRICE));

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.clientSecret()).isPresent();
        assertThat(stripeHas("payment_intent")).isOne();
    }

    @Test
    void it_captures_cancels_and_refunds() throws Exception {
        Sale held = Sale.of("A-1", PRICE).heldUntilCaptured().describedAs("Cake").to("a@b.example");
        String id = shop.cashier.intent(held.with("table", "4")).id();
        shop.buyerPays(id, VISA);
        shop.deliverAll();

        assertThat(shop.cashier.capture(id).status()).isEqualTo("paid");
        Money part = Money.of(250, Currency.of("eur"));
        Refund refund = shop.cashier.refund(id, part, "r1");
        assertThat(refund.state()).isEqualTo(Refund.State.SUCCEEDED);
        assertThat(shop.cashier.refund(id, part, "r1").id()).isEqualTo(refund.id());
        shop.cashier.refund(id, "r2");
        assertThat(shop.cashier.find(id).orElseThrow().status()).isEqualTo("refunded");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> shop.cashier.refund(id, "r3"))
                .withMessageContaining("left");

        String other = shop.cashier.intent(Sale.of("A-2", PRICE)).id();
        assertThat(shop.cashier.cancel(other).status()).isEqualTo("canceled");
        assertThat(shop.payments.cashier("other").find(id)).as("of another caller").isEmpty();
    }

    @Test
    void without_a_request_the_address_must_be_configured() {
        assertThatIllegalStateException()
                .isThrownBy(() -> shop.cashier.checkout(Sale.of("A-1", PRICE)))
                .withMessageContaining("payments.public_url");
    }
}
