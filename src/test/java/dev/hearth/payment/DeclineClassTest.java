package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclineClassTest {

    @ParameterizedTest
    @CsvSource({
        "card_declined,                         insufficient_funds,           insufficient_funds",
        "card_declined,                         card_velocity_exceeded,       insufficient_funds",
        "card_declined,                         withdrawal_count_limit_exceeded, insufficient_funds",
        "expired_card,                          ,                             expired_card",
        "expired_card,                          expired_card,                 expired_card",
        "incorrect_cvc,                         ,                             incorrect_details",
        "incorrect_number,                      ,                             incorrect_details",
        "card_declined,                         incorrect_zip,                incorrect_details",
        "authentication_required,               ,                             authentication_required",
        "card_declined,                         authentication_not_handled,   authentication_required",
        "payment_intent_authentication_failure, ,                             authentication_failed",
        "processing_error,                      ,                             try_again",
        "card_declined,                         issuer_not_available,         try_again",
        "card_declined,                         card_not_supported,           not_supported",
        "card_declined,                         currency_not_supported,       not_supported",
    })
    void what_the_holder_can_mend_is_told(String code, String declineCode, String told) {
        assertThat(DeclineClass.of(Optional.ofNullable(code), Optional.ofNullable(declineCode)))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({
        "card_declined, stolen_card",
        "card_declined, lost_card",
        "card_declined, pickup_card",
        "card_declined, fraudulent",
        "card_declined, merchant_blacklist",
        "card_declined, generic_decline",
        "card_declined, a_code_of_next_year",
        "card_declined, ",
        ", ",
    })
    void what_the_holder_must_not_learn_and_what_is_not_known_is_declined(
            String code, String declineCode) {
        assertThat(DeclineClass.of(Optional.ofNullable(code), Optional.ofNullable(declineCode)))
                .isEqualTo("declined");
    }
}
