package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stripe has written invoices in more than one way.
class StripeBillingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"payments":{"data":[{"payment":{"type":"payment_intent","payment_intent":"pi_1"}}]}}
                """,
                """
                {"payments":{"data":[{"payment":{"payment_intent":{"id":"pi_1","status":"x"}}}]}}
                """,
                """
                {"payment_intent":"pi_1"}
                """,
                """
                {"payment_intent":{"id":"pi_1"},"payments":{"data":[]}}
                """
            })
    void the_intent_of_an_invoice_is_found_wherever_it_stands(String invoice) {
        assertThat(StripeBilling.intents(Json.read(invoice))).containsExactly("pi_1");
    }
}
