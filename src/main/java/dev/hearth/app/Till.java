package dev.hearth.app;

import dev.hearth.payment.Catalogue;
import dev.hearth.payment.Currency;
import dev.hearth.payment.OrderPrices;
import dev.hearth.payment.PaymentSettings;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.webhook.Inbox;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Opens payments where a key of Stripe's is configured; else nothing of them is loaded.
final class Till {
    private Till() {}

    private static final String CALLER = "shop";

    /// Payments, listening to Stripe's events; the application's handlers must be registered already.
    static Optional<Payments> open(Settings settings, Application application, Database database)
            throws StartException {
        if (settings.stripe().apiKey().isEmpty()) {
            return Optional.empty();
        }
        Payments payments =
                Payments.open(
                        database,
                        settingsOf(settings, settings.stripe().apiKey().get(), caller(settings)),
                        prices(settings, application),
                        database.clock());
        application.listenTo(payments);
        payments.listenTo(application.events());
        application.open(payments.cashier(CALLER));
        return Optional.of(payments);
    }

    private static OrderPrices prices(Settings settings, Application application)
            throws StartException {
        Optional<Catalogue> catalogue = Articles.of(settings);
        Optional<OrderPrices> configured = catalogue.map(articles -> articles);
        return application.prices().or(() -> configured).orElseGet(OrderPrices::asAsked);
    }

    /// Payments for the command line, which can ask Stripe.
    static Payments beside(Settings settings, Database database) throws StartException {
        Secret key =
                settings.stripe()
                        .apiKey()
                        .orElseThrow(() ->
                                new StartException(
                                        ExitCode.CONFIG,
                                        "this asks Stripe, and stripe.api_key is not set"));
        return Payments.open(
                database,
                settingsOf(settings, key, caller(settings)),
                OrderPrices.asAsked(),
                database.clock());
    }

    /// Starts what finishes calls without an outcome and compares with Stripe, where there are payments.
    static AutoCloseable start(Optional<Payments> payments, Inbox inbox) throws SQLException {
        return payments.isPresent() ? payments.get().start(inbox) : () -> {};
    }

    /// How payments would be made, for who only looks: makes no key for callers.
    static Optional<PaymentSettings> look(Settings settings) throws StartException {
        Optional<Secret> key = settings.stripe().apiKey();
        return key.isPresent()
                ? Optional.of(settingsOf(settings, key.get(), Map.of()))
                : Optional.empty();
    }

    private static PaymentSettings settingsOf(
            Settings settings, Secret stripeKey, Map<String, String> callers)
            throws StartException {
        Settings.Payments configured = settings.payments();
        try {
            return PaymentSettings.of(stripeKey.value(), callers)
                    .withApiBase(settings.stripe().apiBase())
                    .withPages(configured.publicUrl(), configured.returnPage())
                    .withCurrencies(
                            configured.currencies().stream()
                                    .map(Currency::of)
                                    .collect(Collectors.toUnmodifiableSet()));
        } catch (IllegalArgumentException unusable) {
            throw new StartException(
                    ExitCode.CONFIG, String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private static Map<String, String> caller(Settings settings) throws StartException {
        return Map.of(CALLER, callerKey(settings).value());
    }

    /// The key that is configured, or the one that was made on the first start: there is no built-in one.
    private static Secret callerKey(Settings settings) throws StartException {
        Optional<Secret> configured = settings.payments().apiKey();
        if (configured.isPresent()) {
            return configured.get();
        }
        return DataFolder.secret(settings.data(), settings.generatedPaymentsKeyFile());
    }
}
