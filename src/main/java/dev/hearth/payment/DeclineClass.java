package dev.hearth.payment;

import java.util.Optional;

/// What a caller may know of a refused card. Stripe's own codes tell more, such as that a card is reported
/// stolen, which must not reach whoever holds it.
final class DeclineClass {
    private DeclineClass() {}

    static String of(Optional<String> code, Optional<String> declineCode) {
        return switch (declineCode.or(() -> code).orElse("")) {
            case "insufficient_funds",
                    "card_velocity_exceeded",
                    "withdrawal_count_limit_exceeded" ->
                    "insufficient_funds";
            case "expired_card" -> "expired_card";
            case "incorrect_cvc",
                    "invalid_cvc",
                    "incorrect_number",
                    "invalid_number",
                    "invalid_expiry_month",
                    "invalid_expiry_year",
                    "incorrect_zip",
                    "incorrect_address" ->
                    "incorrect_details";
            case "authentication_required", "authentication_not_handled" ->
                    "authentication_required";
            case "payment_intent_authentication_failure" -> "authentication_failed";
            case "processing_error",
                    "issuer_not_available",
                    "try_again_later",
                    "reenter_transaction" ->
                    "try_again";
            case "card_not_supported", "currency_not_supported", "transaction_not_allowed" ->
                    "not_supported";
            default -> "declined";
        };
    }
}
