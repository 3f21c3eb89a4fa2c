package dev.hearth.payment;

import dev.hearth.http.Request;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How payments are made. Holds secrets: [#toString] shows none.
///
/// @param stripeKey the secret key with which Stripe is called, `sk_…` or `rk_…`
/// @param apiBase where Stripe is; another address for a stand-in
/// @param callers who may ask for payments: a name, by the secret that it sends as Bearer
/// @param publicUrl this server as buyers reach it, such as `https://pay.example.com`; by default as the
///     request says
/// @param returnPage the shop's page to which buyers go after Checkout, with `payment_id` added
/// @param currencies those that are taken; empty for every one that Stripe takes
/// @param callsAtOnce how many calls may be on their way to Stripe
/// @param readTimeout how long an answer of Stripe may take
public record PaymentSettings(
        String stripeKey,
        String apiBase,
        Map<String, String> callers,
        Optional<String> publicUrl,
        Optional<String> returnPage,
        Set<Currency> currencies,
        int callsAtOnce,
        Duration readTimeout) {

    /// The source of webhooks that speaks of payments.
    public static final String SOURCE = "stripe";

    private static final String STRIPE = "https://api.stripe.com";

    /// @throws IllegalArgumentException if one of them cannot be; the message names it, and shows no secret
    public PaymentSettings {
        if (stripeKey.isBlank()) {
            throw new IllegalArgumentException("stripe.api_key must not be empty");
        }
        if (!apiBase.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?")) {
            throw new IllegalArgumentException("stripe.api_base must be an http or https address");
        }
        if (callers.keySet().stream().anyMatch(String::isBlank)
                || callers.values().stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a caller of payments needs a name and a secret");
        }
        requireWeb("payments.public_url", publicUrl);
        requireWeb("payments.return_page", returnPage);
        callers = Map.copyOf(callers);
        currencies = Set.copyOf(currencies);
    }

    private static void requireWeb(String key, Optional<String> address) {
        if (address.filter(text -> !text.matches("https?://[^\\s/?#]+([/?][^\\s#]*)?"))
                .isPresent()) {
            throw new IllegalArgumentException(key + " must be an http or https address");
        }
    }

    /// The defaults for a key: Stripe itself, 256 calls at once, 25 s for an answer.
    public static PaymentSettings of(String stripeKey, Map<String, String> secretsByCaller) {
        return new PaymentSettings(
                stripeKey,
                STRIPE,
                secretsByCaller,
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                256,
                Duration.ofSeconds(25));
    }

    /// The same with Stripe, or a stand-in of it, at another address.
    public PaymentSettings withApiBase(String other) {
        return new PaymentSettings(
                stripeKey,
                other,
                callers,
                publicUrl,
                returnPage,
                currencies,
                callsAtOnce,
                readTimeout);
    }

    /// The same with these addresses for buyers.
    public PaymentSettings withPages(Optional<String> ownUrl, Optional<String> shopPage) {
        return new PaymentSettings(
                stripeKey,
                apiBase,
                callers,
                ownUrl,
                shopPage,
                currencies,
                callsAtOnce,
                readTimeout);
    }

    /// The same with these currencies only.
    public PaymentSettings withCurrencies(Set<Currency> only) {
        return new PaymentSettings(
                stripeKey, apiBase, callers, publicUrl, returnPage, only, callsAtOnce, readTimeout);
    }

    /// The same with other limits.
    public PaymentSettings withLimits(int calls, Duration timeout) {
        return new PaymentSettings(
                stripeKey, apiBase, callers, publicUrl, returnPage, currencies, calls, timeout);
    }

    Set<Currency> taken() {
        return currencies.isEmpty() ? Currency.all() : currencies;
    }

    /// This server as buyers reach it, without a slash at the end, where it is configured.
    Optional<String> ownUrl() {
        return publicUrl.map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }

    /// This server as buyers reach it: as configured, or as the request says.
    String ownUrl(Request request) {
        return ownUrl().orElseGet(() -> request.scheme() + "://" + request.host());
    }

    /// Whether real money moves, where the key tells.
    Optional<Boolean> livemode() {
        if (stripeKey.startsWith("sk_live_") || stripeKey.startsWith("rk_live_")) {
            return Optional.of(true);
        }
        return stripeKey.startsWith("sk_test_") || stripeKey.startsWith("rk_test_")
                ? Optional.of(false)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "payments through " + apiBase;
    }
}
