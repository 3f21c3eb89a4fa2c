package dev.hearth.app;

import dev.hearth.webhook.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a person reads who has just started Hearth: where it listens, where the data is, what to try next.
final class Greeting {
    private Greeting() {}

    static String of(
            Settings settings,
            List<String> fastCgi,
            Optional<HostPort> http,
            List<Source> sources) {
        StringBuilder text = new StringBuilder(600);
        text.append("Hearth ").append(Version.number()).append(" is ready.\n");
        fastCgi.forEach(each -> line(text, "FastCGI", whole(each)));
        http.ifPresent(address -> line(text, "HTTP", "http://" + address));
        line(text, "Data", settings.data().toAbsolutePath().normalize().toString());
        for (Source source : sources) {
            line(
                    text,
                    "Webhooks",
                    "POST /webhooks/"
                            + source.name()
                            + (source.isReady() ? "" : " (no secret: answers 503)"));
        }
        if (settings.stripe().apiKey().isPresent()) {
            line(text, "Payments", "POST /payments/checkout, /payments/intents");
            if (settings.payments().apiKey().isEmpty()) {
                line(
                        text,
                        "",
                        "their key was made here: "
                                + settings.generatedPaymentsKeyFile().toAbsolutePath().normalize());
            }
        }
        Optional<Path> made = Sources.madeSecretFile(settings);
        made.ifPresent(file ->
                line(text, "", "their secret was made here: " + file.toAbsolutePath().normalize()));
        made.ifPresent(_ -> tryNext(text, settings, fastCgi, http));
        return text.toString();
    }

    /// An address with its whole path, as a front server's configuration wants it.
    private static String whole(String address) {
        return address.startsWith("unix:")
                ? "unix:"
                        + Path.of(address.substring("unix:".length())).toAbsolutePath().normalize()
                : address;
    }

    private static void tryNext(
            StringBuilder text, Settings settings, List<String> fastCgi, Optional<HostPort> http) {
        String command = System.getProperty("hearth.command", "hearth");
        String data = given(settings, "data", settings.data().toString());
        String address =
                given(settings, "http", http.map(HostPort::toString).orElse("off"))
                        + given(settings, "listen", String.join(" --listen ", fastCgi));
        text.append("\nTry next, in another terminal:\n");
        text.append(
                "  %s send stripe payment_intent.succeeded%s%s\n"
                        .formatted(command, data, address));
        text.append("  %s inbox list%s\n".formatted(command, data));
        http.ifPresent(open -> text.append("  curl http://%s/healthz\n".formatted(open)));
        text.append('\n');
    }

    /// The option that another command needs to find this server, if this one was started with it.
    private static String given(Settings settings, String key, String value) {
        return settings.origins().get(key) instanceof Origin.CommandLine(String option)
                ? " " + option + " " + value
                : "";
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("  %-9s %s\n".formatted(name, value));
    }
}
