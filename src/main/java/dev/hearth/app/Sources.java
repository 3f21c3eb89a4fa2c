package dev.hearth.app;

import dev.hearth.webhook.Schemes;
import dev.hearth.webhook.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The webhook sources that are configured; or the one that a newcomer starts with: `stripe`, with a secret
/// that Hearth makes on the first start. There is no built-in secret: it would be known to everyone.
final class Sources {
    private static final String FIRST = "stripe";

    private Sources() {}

    /// Every source, for receiving.
    ///
    /// @param mayMake whether a missing first secret is made; else its source has none
    static List<Source> of(Settings settings, boolean mayMake) throws StartException {
        List<Source> sources = new ArrayList<>();
        for (Settings.Source configured : settings.webhooks().values()) {
            sources.add(source(configured));
        }
        if (sources.isEmpty()) {
            Path file = settings.generatedSecretFile(FIRST);
            Optional<Secret> secret = DataFolder.readSecret(file);
            if (secret.isEmpty() && mayMake) {
                secret = Optional.of(DataFolder.open(settings.data()).makeSecret(file));
            }
            sources.add(
                    source(
                            new Settings.Source(
                                    FIRST,
                                    FIRST,
                                    Map.of(),
                                    secret,
                                    Optional.empty(),
                                    Optional.empty())));
        }
        return sources;
    }

    /// The file with the secret that Hearth made, where nobody has configured one.
    static Optional<Path> madeSecretFile(Settings settings) {
        return settings.webhooks().isEmpty()
                ? Optional.of(settings.generatedSecretFile(FIRST))
                : Optional.empty();
    }

    private static Source source(Settings.Source configured) throws StartException {
        List<dev.hearth.webhook.Secret> secrets = new ArrayList<>();
        configured
                .secret()
                .map(s -> dev.hearth.webhook.Secret.of(s.value()))
                .ifPresent(secrets::add);
        configured
                .previousSecret()
                .map(s ->
                        configured
                                .previousUntil()
                                .map(end -> dev.hearth.webhook.Secret.until(end, s.value()))
                                .orElseGet(() -> dev.hearth.webhook.Secret.of(s.value())))
                .ifPresent(secrets::add);
        try {
            return new Source(
                    configured.name(),
                    Schemes.of(configured.scheme(), configured.schemeOptions()),
                    secrets);
        } catch (IllegalArgumentException unusable) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "webhook.%s: %s".formatted(configured.name(), unusable.getMessage()),
                    unusable);
        }
    }
}
