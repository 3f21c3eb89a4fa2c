package dev.hearth.app;

import dev.hearth.payment.Catalogue;
import dev.hearth.payment.Catalogue.Article;
import dev.hearth.payment.Currency;
import dev.hearth.payment.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The articles of the configuration, `catalog.NAME.amount`, `.currency` and `.description`: prices that stand
/// on the server only.
final class Articles {
    private static final String GROUP = "catalog";

    private Articles() {}

    /// The catalogue, where any article is configured.
    ///
    /// @throws StartException if one of them has no price; names its key and where it is written
    static Optional<Catalogue> of(Settings settings) throws StartException {
        List<String> mistakes = new ArrayList<>();
        Map<String, Article> articles = new TreeMap<>();
        for (String key : settings.values().keySet()) {
            Optional<String> name = SettingKey.chosenName(GROUP, key);
            if (name.isPresent() && !articles.containsKey(name.get())) {
                read(settings, name.get(), mistakes)
                        .ifPresent(article -> articles.put(name.get(), article));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new StartException(
                    ExitCode.CONFIG, String.join("\n", mistakes.stream().distinct().toList()));
        }
        return articles.isEmpty() ? Optional.empty() : Optional.of(new Catalogue(articles));
    }

    private static Optional<Article> read(Settings settings, String name, List<String> mistakes) {
        String prefix = GROUP + "." + name + ".";
        Object amount = settings.values().get(prefix + "amount");
        String code = String.valueOf(settings.values().getOrDefault(prefix + "currency", ""));
        Optional<Currency> currency = Currency.find(code);
        if (!(amount instanceof Long minorUnits)) {
            mistakes.add(
                    "catalog.%s has no \"amount\" in minor units, such as 1250".formatted(name));
            return Optional.empty();
        }
        if (currency.isEmpty()) {
            mistakes.add(
                    mistake(settings, prefix + "currency", "a currency such as \"eur\"", code));
            return Optional.empty();
        }
        Object shown = settings.values().getOrDefault(prefix + "description", name);
        try {
            return Optional.of(
                    new Article(String.valueOf(shown), Money.of(minorUnits, currency.get())));
        } catch (IllegalArgumentException wrong) {
            mistakes.add(
                    mistake(
                            settings,
                            prefix + "amount",
                            "chargeable (" + wrong.getMessage() + ")",
                            amount.toString()));
            return Optional.empty();
        }
    }

    private static String mistake(Settings settings, String key, String wanted, String was) {
        Origin origin = settings.origins().get(key);
        return "%s\"%s\" must be %s, was \"%s\""
                .formatted(origin == null ? "" : origin + ": ", key, wanted, was);
    }
}
