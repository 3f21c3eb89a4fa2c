package dev.hearth.webhook;

import dev.hearth.webhook.HmacScheme.Encoding;
import dev.hearth.webhook.HmacScheme.KeyEncoding;
import dev.hearth.webhook.HmacScheme.Place;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Makes schemes as the configuration names them.
public final class Schemes {
    private Schemes() {}

    /// Every name, in the order of the manual.
    public static final List<String> NAMES =
            List.of("stripe", "github", "standard", "shopify", "slack", "hmac", "ed25519");

    /// The options of the scheme `hmac`; the others have none.
    public static final Set<String> HMAC_OPTIONS =
            Set.of(
                    "header",
                    "algorithm",
                    "encoding",
                    "prefix",
                    "secret_encoding",
                    "timestamp_header",
                    "separator",
                    "id",
                    "type",
                    "object");

    /// The scheme of this name, without options. `svix` is another name for `standard`.
    ///
    /// @throws IllegalArgumentException if there is none; the message lists those there are
    public static Scheme named(String name) {
        return of(name, Map.of());
    }

    /// The scheme of this name with its options.
    ///
    /// @throws IllegalArgumentException if there is no such scheme, option or value
    public static Scheme of(String name, Map<String, String> options) {
        if (!name.equals("hmac") && !options.isEmpty()) {
            throw new IllegalArgumentException(
                    "the scheme %s has no options, was given %s"
                            .formatted(name, new TreeMap<>(options).keySet()));
        }
        return switch (name) {
            case "stripe" -> new StripeScheme();
            case "github" -> new GitHubScheme();
            case "standard", "svix" -> new StandardScheme();
            case "shopify" -> new ShopifyScheme();
            case "slack" -> new SlackScheme();
            case "ed25519" -> new Ed25519Scheme();
            case "hmac" -> hmac(options);
            default ->
                    throw new IllegalArgumentException(
                            "no scheme is called %s; there are %s"
                                    .formatted(name, String.join(", ", NAMES)));
        };
    }

    private static HmacScheme hmac(Map<String, String> options) {
        for (String option : new TreeMap<>(options).keySet()) {
            if (!HMAC_OPTIONS.contains(option)) {
                throw new IllegalArgumentException(
                        "the scheme hmac has no option %s".formatted(option));
            }
        }
        HmacScheme byDefault = HmacScheme.DEFAULT;
        return new HmacScheme(
                options.getOrDefault("header", byDefault.header()),
                constant(Hmac.Algorithm.class, options, "algorithm", byDefault.algorithm()),
                constant(Encoding.class, options, "encoding", byDefault.encoding()),
                options.getOrDefault("prefix", byDefault.prefix()),
                constant(KeyEncoding.class, options, "secret_encoding", byDefault.keyEncoding()),
                Optional.ofNullable(options.get("timestamp_header")),
                options.getOrDefault("separator", byDefault.separator()),
                place(options, "id"),
                place(options, "type"),
                place(options, "object"));
    }

    private static Optional<Place> place(Map<String, String> options, String name) {
        return Optional.ofNullable(options.get(name)).map(Place::parse);
    }

    private static <E extends Enum<E>> E constant(
            Class<E> type, Map<String, String> options, String name, E byDefault) {
        String value = options.get(name);
        if (value == null) {
            return byDefault;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(value)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "%s is one of %s, was %s"
                        .formatted(
                                name,
                                List.of(type.getEnumConstants())
                                        .toString()
                                        .toLowerCase(Locale.ROOT),
                                value));
    }
}
