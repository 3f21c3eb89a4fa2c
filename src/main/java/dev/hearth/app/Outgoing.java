package dev.hearth.app;

import dev.hearth.webhook.Endpoint;
import dev.hearth.webhook.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The endpoints that are configured, to which webhooks are sent.
final class Outgoing {
    private Outgoing() {}

    /// Every endpoint.
    ///
    /// @throws StartException if one cannot be sent to: the sentence names it and what is wrong
    static List<Endpoint> of(Settings settings) throws StartException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Settings.Outgoing configured : settings.outgoing().values()) {
            endpoints.add(endpoint(configured));
        }
        return endpoints;
    }

    /// Says of each endpoint that is configured no more how much waits for it, and what can be done.
    static List<String> tell(Map<String, Long> stranded) {
        List<String> told = new ArrayList<>();
        stranded.forEach((name, waiting) ->
                told.add(
                        "%,d %s for the endpoint \"%s\", which is not configured here: configure outgoing.%s again, or run \"hearth outgoing give-up --endpoint %s\""
                                .formatted(
                                        waiting,
                                        waiting == 1 ? "message waits" : "messages wait",
                                        name,
                                        name,
                                        name)));
        return told;
    }

    private static Endpoint endpoint(Settings.Outgoing configured) throws StartException {
        String name = configured.name();
        String url = configured.url().orElseThrow(() -> wrong(name, "it has no url"));
        List<Secret> secrets = new ArrayList<>();
        configured.secret().map(secret -> Secret.of(secret.value())).ifPresent(secrets::add);
        if (secrets.isEmpty()) {
            throw wrong(name, "it has no secret");
        }
        configured
                .previousSecret()
                .map(secret -> secret(secret.value(), configured))
                .ifPresent(secrets::add);
        try {
            return new Endpoint(name, URI.create(url), secrets, configured.allowPrivate());
        } catch (IllegalArgumentException unusable) {
            throw wrong(name, String.valueOf(unusable.getMessage()));
        }
    }

    private static Secret secret(String text, Settings.Outgoing configured) {
        return Optional.of(text)
                .flatMap(value -> configured.previousUntil().map(end -> Secret.until(end, value)))
                .orElseGet(() -> Secret.of(text));
    }

    private static StartException wrong(String name, String why) {
        return new StartException(ExitCode.CONFIG, "outgoing.%s: %s".formatted(name, why));
    }
}
