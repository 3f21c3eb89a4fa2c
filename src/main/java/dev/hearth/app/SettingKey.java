package dev.hearth.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A key of the configuration: its name in `hearth.toml`, what it holds, and what for.
///
/// The table [#ALL] is the only place where a key is declared; the configuration file, the environment,
/// the credentials directory, SIGHUP, `hearth check` and the manual all follow it.
///
/// @param atOnce whether a new value holds from SIGHUP on; every other key needs a restart
public record SettingKey(String name, Kind kind, String meaning, boolean atOnce) {

    /// What a key holds, and how a message names it.
    public enum Kind {
        TEXT("text in quotes"),
        LIST("text in quotes, or a list of them"),
        INTEGER("a whole number"),
        FLAG("true or false"),
        DURATION("a duration in quotes, such as \"500ms\", \"30s\", \"10m\" or \"2h\""),
        RATIO("a number from 0 to 1, such as 0.1"),
        SIZE("a number of bytes, or a size in quotes such as \"64KiB\" or \"1MiB\""),
        SECRET("text in quotes");

        private final String expected;

        Kind(String expected) {
            this.expected = expected;
        }

        /// What is expected, as a noun phrase.
        public String expected() {
            return expected;
        }
    }

    /// Stands for the name of a source in the keys of webhook sources.
    static final String SOURCE = "<source>";

    /// The groups of keys whose second part is a name of the operator's choice, and what stands for it.
    static final Map<String, String> NAMED =
            Map.of("webhook", SOURCE, "outgoing", "<endpoint>", "catalog", "<article>");

    /// A source's name: it is a part of the path, of environment variables and of file names.
    static final Pattern SOURCE_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    /// Every key, in the order in which the manual lists them.
    public static final List<SettingKey> ALL =
            List.of(
                    key("data", Kind.TEXT, "the folder of the database, the socket and secrets"),
                    key(
                            "listen",
                            Kind.LIST,
                            "where FastCGI is spoken: unix:PATH, HOST:PORT or fd:0; or off"),
                    key("http", Kind.TEXT, "where HTTP is spoken: HOST:PORT, or off"),
                    key(
                            "trusted_proxies",
                            Kind.LIST,
                            "proxies whose X-Forwarded-For, -Proto and -Host are believed"),
                    key("fastcgi.socket_mode", Kind.TEXT, "permissions of unix sockets, as 0660"),
                    key("fastcgi.socket_group", Kind.TEXT, "the group that owns unix sockets"),
                    key(
                            "fastcgi.allowed_clients",
                            Kind.LIST,
                            "IP addresses of web servers; all others, and unix sockets, are"
                                    + " refused"),
                    key(
                            "fastcgi.allowed_users",
                            Kind.LIST,
                            "users whose processes may connect to unix sockets"),
                    key("fastcgi.connections", Kind.INTEGER, "connections open at once"),
                    key("fastcgi.requests", Kind.INTEGER, "requests handled at once"),
                    key("fastcgi.waiting", Kind.INTEGER, "requests that may wait for that"),
                    key(
                            "fastcgi.overload",
                            Kind.TEXT,
                            "the answer to one more: 503, or overloaded (END_REQUEST)"),
                    key(
                            "fastcgi.multiplexing",
                            Kind.FLAG,
                            "several requests at once on one connection"),
                    key("fastcgi.params", Kind.SIZE, "variables and headers of a request"),
                    key(
                            "fastcgi.idle_timeout",
                            Kind.DURATION,
                            "an unused connection is closed after this; more than the web server's"
                                    + " own"),
                    key("fastcgi.header_timeout", Kind.DURATION, "variables take no longer: 408"),
                    key("fastcgi.body_timeout", Kind.DURATION, "the next piece of a body: 408"),
                    key("fastcgi.write_timeout", Kind.DURATION, "a web server may take nothing"),
                    key(
                            "fastcgi.request_timeout",
                            Kind.DURATION,
                            "a whole request: 503; 0s is no limit"),
                    key("fastcgi.loops", Kind.INTEGER, "selectors; 0 is one for two processors"),
                    key(
                            "database.url",
                            Kind.TEXT,
                            "a JDBC URL; default: SQLite in the data folder"),
                    key("database.user", Kind.TEXT, "the database's user"),
                    key("database.password", Kind.SECRET, "the database's password"),
                    key("database.pool_size", Kind.INTEGER, "connections held open, 2 to 1000"),
                    key("stripe.api_key", Kind.SECRET, "the key with which Stripe is called"),
                    key("stripe.api_base", Kind.TEXT, "where Stripe's API is"),
                    key(
                            "payments.api_key",
                            Kind.SECRET,
                            "what the shop's servers send as Bearer; default: made at the first"
                                    + " start"),
                    key(
                            "payments.public_url",
                            Kind.TEXT,
                            "this server as buyers reach it; default: as the request says"),
                    key(
                            "payments.return_page",
                            Kind.TEXT,
                            "the shop's page after Checkout; payment_id is added"),
                    key("payments.currencies", Kind.LIST, "those that are taken; default: all"),
                    key(
                            "catalog.<article>.amount",
                            Kind.INTEGER,
                            "an article's price in minor units: callers name articles, not amounts"),
                    key("catalog.<article>.currency", Kind.TEXT, "the price's currency"),
                    key(
                            "catalog.<article>.description",
                            Kind.TEXT,
                            "what the buyer reads; default: the article's name"),
                    atOnce("webhook.<source>.scheme", Kind.TEXT, "how the sender signs"),
                    atOnce("webhook.<source>.secret", Kind.SECRET, "what the sender signs with"),
                    atOnce(
                            "webhook.<source>.previous_secret",
                            Kind.SECRET,
                            "the secret before, accepted until previous_until"),
                    atOnce(
                            "webhook.<source>.previous_until",
                            Kind.TEXT,
                            "a time such as 2026-12-01T00:00:00Z"),
                    hmac("header", "the header with the signature"),
                    hmac("algorithm", "sha1, sha256 or sha512"),
                    hmac("encoding", "how the signature is written: hex or base64"),
                    hmac("prefix", "what stands before the signature, such as sha256="),
                    hmac("secret_encoding", "how the secret is written: text, hex or base64"),
                    hmac("timestamp_header", "the header with the time that is signed along"),
                    hmac("separator", "what stands between the time and the body"),
                    hmac("id", "where the event's id is: a header's name, or a JSON pointer"),
                    hmac("type", "where the event's type is"),
                    hmac("object", "where the id of the object is that the event is about"),
                    atOnce(
                            "outgoing.<endpoint>.url",
                            Kind.TEXT,
                            "where our webhooks are sent: https://"),
                    atOnce(
                            "outgoing.<endpoint>.secret",
                            Kind.SECRET,
                            "what we sign them with: whsec_"),
                    atOnce(
                            "outgoing.<endpoint>.previous_secret",
                            Kind.SECRET,
                            "the secret before, which signs too until previous_until"),
                    atOnce(
                            "outgoing.<endpoint>.previous_until",
                            Kind.TEXT,
                            "a time such as 2026-12-01T00:00:00Z"),
                    atOnce(
                            "outgoing.<endpoint>.allow_private",
                            Kind.FLAG,
                            "a neighbour: http, and addresses that are not public, are allowed"),
                    key(
                            "inbox.threads",
                            Kind.INTEGER,
                            "events that a process handles at once, 8; with 0 it only takes them"
                                    + " in, and others that share its PostgreSQL handle them"),
                    key(
                            "inbox.keep_bodies_days",
                            Kind.INTEGER,
                            "days until bodies of events and messages, with personal data, are"
                                    + " forgotten"),
                    key(
                            "inbox.keep_ids_days",
                            Kind.INTEGER,
                            "days until an event is forgotten altogether; until then a repetition"
                                    + " is known"),
                    key(
                            "limits.body",
                            Kind.SIZE,
                            "the longest body of a request; webhooks take 1 MiB"),
                    atOnce(
                            "stop.grace",
                            Kind.DURATION,
                            "how long requests in progress may take to end"),
                    atOnce("idle.exit", Kind.DURATION, "end after this long without a request"),
                    atOnce("restart.after", Kind.DURATION, "end, to be started anew, at this age"),
                    atOnce(
                            "restart.after_requests",
                            Kind.INTEGER,
                            "end, to be started anew, after so many requests"),
                    atOnce("status.path", Kind.TEXT, "where the status page is, such as /status"),
                    atOnce("status.allow", Kind.LIST, "addresses that may see it, as 10.0.0.0/8"),
                    atOnce("ping.path", Kind.TEXT, "where pong is answered, such as /ping"),
                    atOnce(
                            "slow.after",
                            Kind.DURATION,
                            "a request that runs longer is written down"),
                    atOnce("slow.log", Kind.TEXT, "a file for slow requests; default: the log"),
                    atOnce("log.level", Kind.TEXT, "error, warn, info, debug or trace"),
                    atOnce("log.file", Kind.TEXT, "a file instead of standard error"),
                    atOnce("log.format", Kind.TEXT, "how lines are written: human or json"),
                    atOnce(
                            "log.access",
                            Kind.TEXT,
                            "a line for each request: off, json, combined, or a pattern with PHP-FPM's letters, as %R %u %t %m %r %s %{milli}d"),
                    key(
                            "ready.oldest_event",
                            Kind.DURATION,
                            "an event may wait so long for a worker before /readyz says 503"),
                    key("metrics.allow", Kind.LIST, "addresses that may read /metrics, or off"),
                    key("metrics.token", Kind.SECRET, "what others send as Bearer to read it"),
                    key(
                            "tracing.endpoint",
                            Kind.TEXT,
                            "where traces are sent by OTLP over HTTP, such as http://127.0.0.1:4318"),
                    key(
                            "tracing.sample",
                            Kind.RATIO,
                            "the part of the traces begun here that is kept"),
                    key("tracing.service", Kind.TEXT, "the name under which traces are found"),
                    key("operator.prefix", Kind.TEXT, "the path below which the operator site is"),
                    key(
                            "operator.trust_remote_user",
                            Kind.FLAG,
                            "let in operators whom the web server has signed in (REMOTE_USER)"));

    private static SettingKey key(String name, Kind kind, String meaning) {
        return new SettingKey(name, kind, meaning, false);
    }

    private static SettingKey atOnce(String name, Kind kind, String meaning) {
        return new SettingKey(name, kind, meaning, true);
    }

    private static SettingKey hmac(String option, String meaning) {
        return atOnce("webhook." + SOURCE + "." + option, Kind.TEXT, "scheme hmac: " + meaning);
    }

    /// The declaration of a key, or of the key that is set by a `…_file` beside a secret.
    public static Optional<SettingKey> find(String name) {
        Optional<SettingKey> found = declared(name);
        if (found.isEmpty() && name.endsWith("_file")) {
            found =
                    declared(name.substring(0, name.length() - "_file".length()))
                            .filter(key -> key.kind == Kind.SECRET)
                            .map(key ->
                                    new SettingKey(
                                            name,
                                            Kind.TEXT,
                                            "a file that holds " + key.name,
                                            key.atOnce));
        }
        return found;
    }

    private static Optional<SettingKey> declared(String name) {
        String pattern = pattern(name);
        return ALL.stream()
                .filter(key -> key.name.equals(pattern))
                .map(key -> new SettingKey(name, key.kind, key.meaning, key.atOnce))
                .findFirst();
    }

    /// The name that the key has in the table.
    private static String pattern(String name) {
        for (Map.Entry<String, String> named : NAMED.entrySet()) {
            Optional<String> chosen = chosenName(named.getKey(), name);
            if (chosen.filter(text -> SOURCE_NAME.matcher(text).matches()).isPresent()) {
                String group = named.getKey() + ".";
                return group
                        + named.getValue()
                        + name.substring(group.length() + chosen.get().length());
            }
        }
        return name;
    }

    /// The name that the operator chose, in a key of this group.
    static Optional<String> chosenName(String group, String name) {
        String[] parts = name.split("\\.", -1);
        return parts.length == 3 && parts[0].equals(group)
                ? Optional.of(parts[1])
                : Optional.empty();
    }

    /// The name of the operator's choice in a key, where no such name is taken.
    static Optional<String> unusableName(String name) {
        return NAMED.keySet().stream()
                .flatMap(group -> chosenName(group, name).stream())
                .filter(chosen -> !SOURCE_NAME.matcher(chosen).matches())
                .findFirst();
    }

    /// The environment variable that overrides a key.
    static String environmentVariable(String name) {
        return "HEARTH_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /// The known key that is spelled most like this one, unless none is near.
    static Optional<String> nearest(String unknown) {
        List<String> names = new ArrayList<>();
        for (SettingKey key : ALL) {
            String name = key.name;
            for (Map.Entry<String, String> named : NAMED.entrySet()) {
                name =
                        name.replace(
                                named.getValue(),
                                chosenName(named.getKey(), unknown).orElse("stripe"));
            }
            names.add(name);
            if (key.kind == Kind.SECRET) {
                names.add(name + "_file");
            }
        }
        // The same once more helps nobody: it is the name of one's own in it that cannot be used.
        return Spelling.nearest(unknown, names).filter(near -> !near.equals(unknown));
    }
}
