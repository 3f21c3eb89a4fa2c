package dev.hearth.app;

import static java.nio.file.attribute.PosixFilePermission.GROUP_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import dev.hearth.app.SettingsReader.Setting;
import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.PeerPolicy;
import dev.hearth.http.AddressRange;
import dev.hearth.service.Lifetime;
import dev.hearth.trace.TraceSettings;
import dev.hearth.webhook.Schemes;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
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

    private final Map<String, Setting> settings;
    private final List<String> mistakes;
    private final Map<String, Origin> origins = new TreeMap<>();

    SettingsBuilder(Map<String, Setting> settings, List<String> mistakes) {
        this.settings = settings;
        this.mistakes = mistakes;
    }

    Settings build(List<String> notices) {
        // Also of keys that are read where they are used, such as those of the catalogue.
        settings.forEach((key, setting) -> origins.put(key, setting.origin()));
        Path data = Path.of(text("data").orElse("data"));
        return new Settings(
                data,
                listen(data),
                http(),
                trustedProxies(),
                fastCgi(),
                new Settings.Database(
                        text("database.url"),
                        text("database.user"),
                        secret("database.password"),
                        (int) number("database.pool_size", 16, 2, 1000)),
                new Settings.Stripe(
                        secret("stripe.api_key"),
                        text("stripe.api_base").orElse("https://api.stripe.com")),
                new Settings.Payments(
                        secret("payments.api_key"),
                        text("payments.public_url"),
                        text("payments.return_page"),
                        texts("payments.currencies")),
                webhooks(),
                outgoing(),
                retention(),
                number("limits.body", 20L << 20, 1 << 10, 1L << 40),
                value("stop.grace", Duration.class).orElse(Duration.ofSeconds(30)),
                service(),
                new Settings.Log(level(), text("log.file").map(Path::of), logFormat(), accessLog()),
                watching(),
                operatorSite(),
                tracing(),
                values(),
                origins,
                notices);
    }

    private List<String> listen(Path data) {
        Optional<List<String>> configured =
                setting("listen").map(setting -> strings(setting.value()));
        return configured
                .map(listen -> listen.equals(List.of("off")) ? List.<String>of() : listen)
                .orElseGet(() -> List.of("unix:" + data.resolve("hearth.sock")));
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String::valueOf).toList();
    }

    private Optional<HostPort> http() {
        Optional<String> configured = text("http");
        if (configured.isEmpty()) {
            return Optional.of(DEFAULT_HTTP);
        }
        return configured
                .filter(http -> !http.equals("off"))
                .flatMap(http ->
                        parse(
                                "http",
                                http,
                                "HOST:PORT, such as \"127.0.0.1:8080\", or \"off\"",
                                HostPort::parse));
    }

    private List<AddressRange> trustedProxies() {
        String key = "trusted_proxies";
        List<AddressRange> proxies = new ArrayList<>();
        for (String text :
                setting(key).map(setting -> strings(setting.value())).orElse(List.of())) {
            parse(key, text, "addresses or ranges such as \"10.0.0.0/8\"", AddressRange::parse)
                    .ifPresent(proxies::add);
        }
        return proxies;
    }

    private Settings.FastCgi fastCgi() {
        return new Settings.FastCgi(
                Limits.DEFAULT.with(this::limit),
                peers(),
                socketPermissions(),
                text("fastcgi.socket_group"));
    }

    private void limit(Limits.Changes limits) {
        limits.connections = count("fastcgi.connections", limits.connections, 1);
        limits.requestsAtOnce = count("fastcgi.requests", limits.requestsAtOnce, 1);
        limits.requestsWaiting = count("fastcgi.waiting", limits.requestsWaiting, 0);
        limits.overload = overload();
        limits.multiplexing =
                value("fastcgi.multiplexing", Boolean.class).orElse(limits.multiplexing);
        limits.paramsBytes = (int) number("fastcgi.params", limits.paramsBytes, 1 << 10, 1 << 26);
        limits.idleTimeout = timeout("fastcgi.idle_timeout", limits.idleTimeout);
        limits.headerTimeout = timeout("fastcgi.header_timeout", limits.headerTimeout);
        limits.bodyTimeout = timeout("fastcgi.body_timeout", limits.bodyTimeout);
        limits.writeTimeout = timeout("fastcgi.write_timeout", limits.writeTimeout);
        limits.requestTimeout =
                value("fastcgi.request_timeout", Duration.class).orElse(limits.requestTimeout);
        limits.loops = count("fastcgi.loops", limits.loops, 0);
        limits.bodyBytes = number("limits.body", 20L << 20, 1 << 10, 1L << 40);
    }

    private int count(String key, int byDefault, int smallest) {
        return (int) number(key, byDefault, smallest, 1_000_000);
    }

    private Duration timeout(String key, Duration byDefault) {
        Duration timeout = value(key, Duration.class).orElse(byDefault);
        if (!timeout.isPositive()) {
            mistaken(key, "longer than nothing", timeout.toString());
            return byDefault;
        }
        return timeout;
    }

    private Limits.Overload overload() {
        String answer = text("fastcgi.overload").orElse("503");
        return switch (answer) {
            case "503" -> Limits.Overload.HTTP_503;
            case "overloaded" -> Limits.Overload.FCGI_OVERLOADED;
            default -> {
                mistaken("fastcgi.overload", "\"503\" or \"overloaded\"", answer);
                yield Limits.Overload.HTTP_503;
            }
        };
    }

    private PeerPolicy peers() {
        PeerPolicy anyone = PeerPolicy.ANYONE;
        PeerPolicy byAddress =
                setting("fastcgi.allowed_clients")
                        .map(setting -> String.join(",", strings(setting.value())))
                        .flatMap(list ->
                                parse(
                                        "fastcgi.allowed_clients",
                                        list,
                                        "IP addresses",
                                        anyone::withAddresses))
                        .orElse(anyone);
        return setting("fastcgi.allowed_users")
                .map(setting -> byAddress.withUsers(Set.copyOf(strings(setting.value()))))
                .orElse(byAddress);
    }

    private Set<PosixFilePermission> socketPermissions() {
        return parse(
                        "fastcgi.socket_mode",
                        text("fastcgi.socket_mode").orElse("0660"),
                        "an octal mode such as \"0660\"",
                        SettingsBuilder::permissions)
                .orElse(Set.of());
    }

    private static Set<PosixFilePermission> permissions(String mode) {
        if (!mode.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("it is not three octal digits");
        }
        int bits = Integer.parseInt(mode, 8);
        PosixFilePermission[] highestFirst = {
            OWNER_READ, OWNER_WRITE, OWNER_EXECUTE,
            GROUP_READ, GROUP_WRITE, GROUP_EXECUTE,
            OTHERS_READ, OTHERS_WRITE, OTHERS_EXECUTE
        };
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < highestFirst.length; i++) {
            if ((bits & 0400 >> i) != 0) {
                permissions.add(highestFirst[i]);
            }
        }
        return permissions;
    }

    private Set<String> texts(String key) {
        return setting(key).map(setting -> Set.copyOf(strings(setting.value()))).orElse(Set.of());
    }

    private Map<String, Settings.Source> webhooks() {
        Map<String, Settings.Source> sources = new TreeMap<>();
        for (String key : settings.keySet()) {
            SettingKey.chosenName("webhook", key)
                    .ifPresent(name -> sources.computeIfAbsent(name, this::source));
        }
        return sources;
    }

    private Map<String, Settings.Outgoing> outgoing() {
        Map<String, Settings.Outgoing> endpoints = new TreeMap<>();
        for (String key : settings.keySet()) {
            SettingKey.chosenName("outgoing", key)
                    .ifPresent(name -> endpoints.computeIfAbsent(name, this::endpoint));
        }
        return endpoints;
    }

    private Settings.Outgoing endpoint(String name) {
        String prefix = "outgoing." + name + ".";
        return new Settings.Outgoing(
                name,
                text(prefix + "url"),
                secret(prefix + "secret"),
                secret(prefix + "previous_secret"),
                until(prefix),
                value(prefix + "allow_private", Boolean.class).orElse(false));
    }

    private Settings.Retention retention() {
        long bodies = number("inbox.keep_bodies_days", 90, 1, 36_500);
        long ids = number("inbox.keep_ids_days", Math.max(bodies, 400), 1, 36_500);
        if (ids < bodies) {
            mistaken(
                    "inbox.keep_ids_days",
                    "at least inbox.keep_bodies_days, %d".formatted(bodies),
                    Long.toString(ids));
        }
        return new Settings.Retention(Duration.ofDays(bodies), Duration.ofDays(ids));
    }

    private Settings.Source source(String name) {
        String prefix = "webhook." + name + ".";
        return new Settings.Source(
                name,
                text(prefix + "scheme").orElse(name),
                schemeOptions(prefix),
                secret(prefix + "secret"),
                secret(prefix + "previous_secret"),
                until(prefix));
    }

    private Optional<Instant> until(String prefix) {
        String key = prefix + "previous_until";
        return text(key)
                .flatMap(until ->
                        parse(
                                key,
                                until,
                                "a time such as \"2026-12-01T00:00:00Z\"",
                                SettingsBuilder::instant));
    }

    private Settings.Service service() {
        return new Settings.Service(
                new Lifetime(
                        value("idle.exit", Duration.class).orElse(Duration.ZERO),
                        value("restart.after", Duration.class).orElse(Duration.ZERO),
                        number("restart.after_requests", 0, 0, Long.MAX_VALUE)),
                path("status.path"),
                statusAllow(),
                path("ping.path"),
                value("slow.after", Duration.class).orElse(Duration.ZERO),
                text("slow.log").map(Path::of));
    }

    private Optional<String> path(String key) {
        Optional<String> path = text(key);
        path.filter(text -> !text.matches("(/[A-Za-z0-9._-]+)+"))
                .ifPresent(wrong -> mistaken(key, "a path such as \"/status\"", wrong));
        return path;
    }

    private List<AddressRange> statusAllow() {
        List<String> texts =
                setting("status.allow").map(set -> strings(set.value())).orElse(LOOPBACK);
        return texts.stream()
                .flatMap(text ->
                        parse("status.allow", text, "IP addresses or ranges", AddressRange::parse)
                                .stream())
                .toList();
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new TreeMap<>();
        settings.forEach((key, setting) -> values.put(key, setting.value()));
        return values;
    }

    private Map<String, String> schemeOptions(String prefix) {
        Map<String, String> options = new TreeMap<>();
        for (String option : Schemes.HMAC_OPTIONS) {
            text(prefix + option).ifPresent(value -> options.put(option, value));
        }
        return options;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException("it is not a time with a zone", wrong);
        }
    }

    private String level() {
        String level = text("log.level").orElse("info").toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            mistaken("log.level", "one of " + String.join(", ", LEVELS), level);
        }
        return level;
    }

    private String logFormat() {
        String format = text("log.format").orElse("human").toLowerCase(Locale.ROOT);
        if (!LOG_FORMATS.contains(format)) {
            mistaken("log.format", "one of " + String.join(", ", LOG_FORMATS), format);
        }
        return format;
    }

    private String accessLog() {
        String format = text("log.access").orElse("off").toLowerCase(Locale.ROOT);
        if (!ACCESS_LOGS.contains(format)) {
            mistaken("log.access", "one of " + String.join(", ", ACCESS_LOGS), format);
        }
        return format;
    }

    private Settings.OperatorSite operatorSite() {
        String prefix = text("operator.prefix").orElse("/operator");
        if (!prefix.matches("(/[A-Za-z0-9._-]+)+") || prefix.contains("/.")) {
            mistaken("operator.prefix", "a path such as \"/operator\"", prefix);
        }
        return new Settings.OperatorSite(
                prefix, value("operator.trust_remote_user", Boolean.class).orElse(false));
    }

    private Optional<TraceSettings> tracing() {
        double sample = value("tracing.sample", Double.class).orElse(1.0);
        String service = text("tracing.service").orElse("hearth");
        if (service.isBlank()) {
            mistaken("tracing.service", "a name", service);
            return Optional.empty();
        }
        return text("tracing.endpoint")
                .flatMap(endpoint ->
                        parse(
                                "tracing.endpoint",
                                endpoint,
                                "an address such as \"http://127.0.0.1:4318\"",
                                address ->
                                        new TraceSettings(
                                                address, service, Version.number(), sample)));
    }

    private Settings.Watching watching() {
        Optional<List<String>> allowed =
                setting("metrics.allow").map(setting -> strings(setting.value()));
        return new Settings.Watching(
                allowed.isPresent() && allowed.get().equals(List.of("off"))
                        ? List.of()
                        : allowed.orElse(LOOPBACK).stream()
                                .flatMap(text ->
                                        parse(
                                                "metrics.allow",
                                                text,
                                                "IP addresses or ranges, or \"off\"",
                                                AddressRange::parse)
                                                .stream())
                                .toList(),
                secret("metrics.token"),
                timeout("ready.oldest_event", Duration.ofHours(1)));
    }

    private long number(String key, long byDefault, long smallest, long largest) {
        long number = value(key, Long.class).orElse(byDefault);
        if (number < smallest || number > largest) {
            mistaken(key, "%d to %d".formatted(smallest, largest), Long.toString(number));
        }
        return number;
    }

    private <T> Optional<T> parse(
            String key, String text, String expected, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException wrong) {
            mistaken(key, expected, text + " (" + wrong.getMessage() + ")");
            return Optional.empty();
        }
    }

    private void mistaken(String key, String expected, String found) {
        Setting setting = settings.get(key);
        Object origin = setting == null ? "default" : setting.origin();
        mistakes.add("%s: \"%s\" must be %s, was %s".formatted(origin, key, expected, found));
    }

    private Optional<String> text(String key) {
        return value(key, String.class);
    }

    private Optional<Secret> secret(String key) {
        return value(key, Secret.class);
    }

    private <T> Optional<T> value(String key, Class<T> type) {
        return setting(key).map(setting -> type.cast(setting.value()));
    }

    private Optional<Setting> setting(String key) {
        Optional<Setting> found = Optional.ofNullable(settings.get(key));
        origins.put(key, found.map(Setting::origin).orElseGet(Origin.Default::new));
        return found;
    }
}
