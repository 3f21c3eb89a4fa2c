package dev.hearth.app;

import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.PeerPolicy;
import dev.hearth.http.AddressRange;
import dev.hearth.service.Lifetime;
import dev.hearth.trace.TraceSettings;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Everything that can be configured, checked once: whatever exists is valid.
///
/// `values` holds what somebody set, by key, and `defaults` what counts where nobody did; `eventThreads` is how many events are handled at once, 0 where other processes handle them; `origins` tells for each key where its value came from; `notices` is what the operator should hear
/// although it is no error, such as a variable that nobody reads.
public record Settings(
        Path data,
        List<String> listen,
        Optional<HostPort> http,
        List<AddressRange> trustedProxies,
        FastCgi fastCgi,
        Database database,
        Stripe stripe,
        Payments payments,
        Map<String, Source> webhooks,
        Map<String, Outgoing> outgoing,
        int eventThreads,
        Retention retention,
        long bodyLimit,
        Duration stopGrace,
        Service service,
        Log log,
        Watching watching,
        OperatorSite operatorSite,
        Optional<TraceSettings> tracing,
        Map<String, Object> values,
        Map<String, Object> defaults,
        Map<String, Origin> origins,
        List<String> notices) {

    public Settings {
        listen = List.copyOf(listen);
        trustedProxies = List.copyOf(trustedProxies);
        webhooks = new TreeMap<>(webhooks);
        values = new TreeMap<>(values);
        defaults = new TreeMap<>(defaults);
        outgoing = new TreeMap<>(outgoing);
        origins = new TreeMap<>(origins);
        notices = List.copyOf(notices);
    }

    /// How FastCGI is spoken, and with whom.
    public record FastCgi(
            Limits limits,
            PeerPolicy peers,
            Set<PosixFilePermission> socketPermissions,
            Optional<String> socketGroup) {
        public FastCgi {
            socketPermissions = Set.copyOf(socketPermissions);
        }
    }

    /// Where the data is kept. Without a URL: SQLite in the data folder.
    public record Database(
            Optional<String> url, Optional<String> user, Optional<Secret> password, int poolSize) {}

    /// How Stripe is called.
    public record Stripe(Optional<Secret> apiKey, String apiBase) {}

    /// Who may ask for payments, and where their buyers are sent. Without a key of Stripe's there are none.
    public record Payments(
            Optional<Secret> apiKey,
            Optional<String> publicUrl,
            Optional<String> returnPage,
            Set<String> currencies) {
        public Payments {
            currencies = Set.copyOf(currencies);
        }
    }

    /// A sender of webhooks. `schemeOptions` are those of the scheme `hmac`. Without a secret its route
    /// answers 503.
    public record Source(
            String name,
            String scheme,
            Map<String, String> schemeOptions,
            Optional<Secret> secret,
            Optional<Secret> previousSecret,
            Optional<Instant> previousUntil) {}

    /// How long this process serves, and what operators see of it.
    public record Service(
            Lifetime lifetime,
            Optional<String> statusPath,
            List<AddressRange> statusAllow,
            Optional<String> pingPath,
            Duration slowAfter,
            Optional<Path> slowLog) {
        public Service {
            statusAllow = List.copyOf(statusAllow);
        }
    }

    /// Someone to whom webhooks are sent.
    public record Outgoing(
            String name,
            Optional<String> url,
            Optional<Secret> secret,
            Optional<Secret> previousSecret,
            Optional<Instant> previousUntil,
            boolean allowPrivate) {}

    /// How long what came and what was sent is kept: bodies, then everything.
    public record Retention(Duration bodies, Duration ids) {}

    /// How much is logged, and where: to standard error unless a file is named. `format` is
    /// `human` or `json`, `access` is `off`, `json`, `combined` or a pattern ([dev.hearth.web.AccessLog#pattern(String)]).
    public record Log(String level, Optional<Path> file, String format, String access) {}

    /// How others see how things are: who may read the metrics, and when this Hearth is not ready.
    public record Watching(
            List<AddressRange> metricsAllowed,
            Optional<Secret> metricsToken,
            Duration oldestEvent) {
        public Watching {
            metricsAllowed = List.copyOf(metricsAllowed);
        }
    }

    /// Where the operator site is, and whether the web server signs people in.
    public record OperatorSite(String prefix, boolean trustsRemoteUser) {}

    /// Reads the configuration: options before environment before credentials before the file.
    ///
    /// @throws StartException if anything in it is wrong; its sentence names file, line, key and what was
    ///     expected, one line for each mistake
    public static Settings load(Options options, Map<String, String> environment)
            throws StartException {
        return new SettingsReader(environment).read(options);
    }

    /// Whether somebody chose the value of this key.
    public boolean isSet(String key) {
        return origins.containsKey(key) && !(origins.get(key) instanceof Origin.Default);
    }

    /// The file with the key of payments that nobody configured.
    public Path generatedPaymentsKeyFile() {
        return data.resolve("payments.key");
    }

    /// The file with the key by which commands steer the running Hearth.
    public Path controlKeyFile() {
        return data.resolve("control.key");
    }

    /// The file with the secret of a source that nobody configured.
    public Path generatedSecretFile(String source) {
        return data.resolve("webhook-" + source + ".secret");
    }
}
