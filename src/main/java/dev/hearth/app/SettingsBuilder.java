package dev.hearth.app;

import dev.hearth.app.SettingsReader.Setting;
import dev.hearth.service.Lifetime;
import dev.hearth.trace.TraceSettings;
import dev.hearth.web.AccessLog;
import dev.hearth.webhook.Schemes;
import dev.hearth.webhook.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// Makes [Settings] of values that have the right types: defaults, ranges, and what only fits together.
final class SettingsBuilder {
    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");
    private static final List<String> LOG_FORMATS = List.of("human", "json");
    private static final List<String> ACCESS_LOGS = List.of("off", "json", "combined");
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");
    private static final HostPort DEFAULT_HTTP = new HostPort("127.0.0.1", 8080);

    private final SettingsLookup keys;

    SettingsBuilder(Map<String, Setting> settings, List<String> mistakes) {
        this.keys = new SettingsLookup(settings, mistakes);
    }

    Settings build(List<String> notices) {
        Path data = keys.file("data", "data");
        long bodyLimit = keys.number("limits.body", 20L << 20, 1 << 10, 1L << 40);
        List<String> listen = listen(data);
        Optional<HostPort> http = http();
        requireWayIn(listen, http, notices);
        return new Settings(
                data,
                listen,
                http,
                keys.ranges(
                        "trusted_proxies", List.of(), "addresses or ranges such as \"10.0.0.0/8\""),
                new FastCgiSettings(keys, bodyLimit).build(),
                database(),
                new Settings.Stripe(
                        keys.secret("stripe.api_key"),
                        keys.text("stripe.api_base", "https://api.stripe.com")),
                payments(),
                named("webhook", this::source),
                named("outgoing", this::endpoint),
                eventThreads(),
                retention(),
                bodyLimit,
                keys.duration("stop.grace", Duration.ofSeconds(30)),
                service(),
                log(),
                watching(),
                operatorSite(),
                tracing(),
                keys.values(),
                keys.defaults(),
                keys.origins(),
                notices);
    }

    private List<String> listen(Path data) {
        return keys.texts("listen")
                .map(listen -> listen.equals(List.of("off")) ? List.<String>of() : listen)
                .orElseGet(() -> List.of("unix:" + data.resolve("hearth.sock")));
    }

    private Optional<HostPort> http() {
        Optional<String> configured = keys.text("http");
        if (configured.isEmpty()) {
            return Optional.of(DEFAULT_HTTP);
        }
        return configured
                .filter(http -> !http.equals("off"))
                .flatMap(http ->
                        keys.parse(
                                "http",
                                http,
                                "HOST:PORT, such as \"127.0.0.1:8080\", or \"off\"",
                                HostPort::parse));
    }

    /// Who turns both off in as many words wants a process that serves nobody; who leaves a list empty has forgotten one.
    private void requireWayIn(List<String> listen, Optional<HostPort> http, List<String> notices) {
        boolean off = keys.text("http").equals(Optional.of("off"));
        if (!listen.isEmpty() || http.isPresent() || !off) {
            return;
        }
        if (keys.texts("listen").equals(Optional.of(List.of()))) {
            keys.mistaken(
                    "listen",
                    "an address, since \"http\" is \"off\", or \"off\" where nobody is to be served",
                    "[]");
        } else {
            notices.add(
                    "\"listen\" and \"http\" are both \"off\": nobody is served; events and jobs are handled");
        }
    }

    private Settings.Database database() {
        return new Settings.Database(
                keys.text("database.url"),
                keys.text("database.user"),
                keys.secret("database.password"),
                (int) keys.number("database.pool_size", 16, 2, 1000));
    }

    private Settings.Payments payments() {
        return new Settings.Payments(
                keys.secret("payments.api_key"),
                keys.text("payments.public_url"),
                keys.text("payments.return_page"),
                keys.texts("payments.currencies").map(Set::copyOf).orElse(Set.of()));
    }

    /// What is configured under names that the user chose, such as `webhook.NAME.secret`.
    private <T> Map<String, T> named(String group, Function<String, T> ofName) {
        Map<String, T> found = new TreeMap<>();
        for (String key : keys.keys()) {
            SettingKey.chosenName(group, key)
                    .ifPresent(name -> found.computeIfAbsent(name, ofName));
        }
        return found;
    }

    private Settings.Source source(String name) {
        String prefix = "webhook." + name + ".";
        return new Settings.Source(
                name,
                keys.text(prefix + "scheme", name),
                schemeOptions(prefix),
                keys.secret(prefix + "secret"),
                keys.secret(prefix + "previous_secret"),
                until(prefix));
    }

    private Map<String, String> schemeOptions(String prefix) {
        Map<String, String> options = new TreeMap<>();
        for (String option : Schemes.HMAC_OPTIONS) {
            keys.text(prefix + option).ifPresent(value -> options.put(option, value));
        }
        return options;
    }

    private Settings.Outgoing endpoint(String name) {
        String prefix = "outgoing." + name + ".";
        return new Settings.Outgoing(
                name,
                keys.text(prefix + "url"),
                keys.secret(prefix + "secret"),
                keys.secret(prefix + "previous_secret"),
                until(prefix),
                keys.flag(prefix + "allow_private", false));
    }

    private Optional<Instant> until(String prefix) {
        String key = prefix + "previous_until";
        return keys.text(key)
                .flatMap(until ->
                        keys.parse(
                                key,
                                until,
                                "a time such as \"2026-12-01T00:00:00Z\"",
                                SettingsBuilder::instant));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException("it is not a time with a zone", wrong);
        }
    }

    private int eventThreads() {
        String key = "inbox.threads";
        int threads = (int) keys.number(key, WorkerSettings.DEFAULT.threads(), 0, 1_000);
        if (threads == 0 && keys.text("database.url").isEmpty()) {
            keys.mistaken(
                    key, "1 to 1000 on SQLite, where no other process would handle events", "0");
        }
        return threads;
    }

    private Settings.Retention retention() {
        long bodies = keys.number("inbox.keep_bodies_days", 90, 1, 36_500);
        long ids = keys.number("inbox.keep_ids_days", Math.max(bodies, 400), 1, 36_500);
        if (ids < bodies) {
            keys.mistaken(
                    "inbox.keep_ids_days",
                    "at least inbox.keep_bodies_days, %d".formatted(bodies),
                    Long.toString(ids));
        }
        return new Settings.Retention(Duration.ofDays(bodies), Duration.ofDays(ids));
    }

    private Settings.Service service() {
        return new Settings.Service(
                new Lifetime(
                        keys.duration("idle.exit", Duration.ZERO),
                        keys.duration("restart.after", Duration.ZERO),
                        keys.number("restart.after_requests", 0, 0, Long.MAX_VALUE)),
                keys.path("status.path", "/status"),
                keys.ranges("status.allow", LOOPBACK, "IP addresses or ranges"),
                keys.path("ping.path", "/ping"),
                keys.duration("slow.after", Duration.ZERO),
                keys.file("slow.log"));
    }

    private Settings.Log log() {
        return new Settings.Log(
                keys.word("log.level", "info", LEVELS),
                keys.file("log.file"),
                keys.word("log.format", "human", LOG_FORMATS),
                accessLog());
    }

    private String accessLog() {
        Optional<String> pattern = keys.text("log.access").filter(text -> text.contains("%"));
        pattern.ifPresent(text ->
                keys.parse(
                        "log.access",
                        text,
                        "a pattern such as \"%R %u %t %m %r %s\"",
                        AccessLog::pattern));
        return pattern.orElseGet(() -> keys.word("log.access", "off", ACCESS_LOGS));
    }

    private Settings.Watching watching() {
        boolean off = keys.texts("metrics.allow").equals(Optional.of(List.of("off")));
        return new Settings.Watching(
                off
                        ? List.of()
                        : keys.ranges(
                                "metrics.allow", LOOPBACK, "IP addresses or ranges, or \"off\""),
                keys.secret("metrics.token"),
                keys.timeout("ready.oldest_event", Duration.ofHours(1)));
    }

    private Settings.OperatorSite operatorSite() {
        String prefix = keys.path("operator.prefix", "/operator").orElse("/operator");
        if (prefix.contains("/.")) {
            keys.mistaken("operator.prefix", "a path such as \"/operator\"", prefix);
        }
        return new Settings.OperatorSite(prefix, keys.flag("operator.trust_remote_user", false));
    }

    private Optional<TraceSettings> tracing() {
        double sample = keys.value("tracing.sample", Double.class, 1.0);
        String service = keys.text("tracing.service", "hearth");
        if (service.isBlank()) {
            keys.mistaken("tracing.service", "a name", service);
            return Optional.empty();
        }
        return keys.text("tracing.endpoint")
                .flatMap(endpoint ->
                        keys.parse(
                                "tracing.endpoint",
                                endpoint,
                                "an address such as \"http://127.0.0.1:4318\"",
                                address ->
                                        new TraceSettings(
                                                address, service, Version.number(), sample)));
    }
}
