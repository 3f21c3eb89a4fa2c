package dev.hearth.app;

import dev.hearth.app.SettingKey.Kind;
import dev.hearth.fastcgi.PeerPolicy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// Lays the sources of the configuration over each other, the strongest last: file, systemd credentials,
/// environment, command line. Every mistake is kept, so that one start tells all of them.
final class SettingsReader {
    private static final String DEFAULT_FILE = "hearth.toml";

    /// Read by the launcher, or before there are settings.
    private static final List<String> NOT_SETTINGS =
            List.of(
                    "HEARTH_AOT",
                    "HEARTH_CONFIG",
                    "HEARTH_HOME",
                    "HEARTH_JAVA",
                    "HEARTH_JAVA_OPTIONS",
                    "HEARTH_RUN");

    private final Map<String, String> environment;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> mistakes = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    /// A value of the kind that its key asks for, and where it came from.
    record Setting(Object value, Origin origin) {}

    SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    Settings read(Options options) throws StartException {
        Optional<Path> file = configFile(options);
        if (file.isPresent()) {
            ConfigFile config = ConfigFile.read(file.get());
            layKeys(config.values(), config::origin);
        }
        layCredentials();
        layEnvironment();
        layOptions(options);
        return checked();
    }

    /// What a program says itself, text by key: no file, no environment and no options.
    static Settings readOnly(Map<String, String> values) throws StartException {
        SettingsReader reader = new SettingsReader(Map.of());
        reader.layKeys(values, _ -> new Origin.Program());
        return reader.checked();
    }

    private Settings checked() throws StartException {
        Settings read = new SettingsBuilder(settings, mistakes).build(notices);
        if (!mistakes.isEmpty()) {
            throw new StartException(ExitCode.CONFIG, String.join("\n", mistakes));
        }
        return read;
    }

    private Optional<Path> configFile(Options options) {
        Optional<String> asked =
                options.config().isPresent() ? options.config() : variable("HEARTH_CONFIG");
        if (asked.isPresent()) {
            return Optional.of(Path.of(asked.get()));
        }
        Path here = Path.of(DEFAULT_FILE);
        return Files.exists(here) ? Optional.of(here) : Optional.empty();
    }

    private Optional<String> variable(String name) {
        // An empty variable is how shells and containers say "not set".
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private void layKeys(Map<String, ?> values, Function<String, Origin> origins) {
        values.forEach((name, value) -> {
            Origin origin = origins.apply(name);
            Optional<SettingKey> key = SettingKey.find(name);
            if (key.isEmpty()) {
                mistakes.add(unknown(origin.toString(), name));
            } else if (values.containsKey(name + "_file")) {
                mistakes.add(
                        "%s: \"%s\" and \"%s_file\" are both set; keep one"
                                .formatted(origin, name, name));
            } else {
                lay(key.get(), value, origin);
            }
        });
    }

    private static String unknown(String where, String name) {
        String hint =
                SettingKey.unusableName(name)
                        .map(chosen ->
                                "; the name \"%s\" may have small letters, digits and hyphens only"
                                        .formatted(chosen))
                        .or(() ->
                                SettingKey.nearest(name)
                                        .map(near -> "; did you mean \"%s\"?".formatted(near)))
                        .orElse("");
        return "%s: unknown key \"%s\"%s".formatted(where, name, hint);
    }

    private void layCredentials() {
        Optional<String> folder = variable("CREDENTIALS_DIRECTORY");
        if (folder.isEmpty()) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder.get()))) {
            for (Path file : files) {
                // From a folder (LoadCredential=hearth:FOLDER) systemd puts its own name before
                // each.
                SettingKey.find(file.getFileName().toString().replaceFirst("^hearth_", ""))
                        .filter(key -> key.kind() == Kind.SECRET)
                        .ifPresent(key -> laySecretFile(key.name(), file, "CREDENTIALS_DIRECTORY"));
            }
        } catch (IOException unreadable) {
            mistakes.add(
                    "CREDENTIALS_DIRECTORY: cannot read %s: %s"
                            .formatted(folder.get(), Reasons.of(unreadable)));
        }
    }

    private void layEnvironment() {
        variable("PORT")
                .flatMap(port -> SettingKey.find("http").map(key -> Map.entry(key, port)))
                .filter(_ -> !settings.containsKey("http"))
                .ifPresent(http ->
                        lay(
                                http.getKey(),
                                "0.0.0.0:" + http.getValue(),
                                new Origin.Environment("PORT")));
        // The specification's own name for it (FastCGI 1.0 section 3.2).
        variable(PeerPolicy.WEB_SERVER_ADDRS)
                .flatMap(list ->
                        SettingKey.find("fastcgi.allowed_clients").map(key -> Map.entry(key, list)))
                .ifPresent(clients ->
                        lay(
                                clients.getKey(),
                                clients.getValue(),
                                new Origin.Environment(PeerPolicy.WEB_SERVER_ADDRS)));
        new TreeMap<>(environment)
                .forEach((variable, value) -> {
                    if (variable.startsWith("HEARTH_")
                            && !NOT_SETTINGS.contains(variable)
                            && !value.isBlank()) {
                        layVariable(variable, value);
                    }
                });
    }

    private void layVariable(String variable, String value) {
        if (variable.endsWith("_FILE") && variable(strip(variable, "_FILE")).isPresent()) {
            mistakes.add(
                    "%s and %s are both set; keep one"
                            .formatted(variable, strip(variable, "_FILE")));
            return;
        }
        keyOf(variable)
                .ifPresentOrElse(
                        key -> lay(key, value, new Origin.Environment(variable)),
                        () ->
                                notices.add(
                                        "the environment variable %s is not known and was ignored"
                                                .formatted(variable)));
    }

    /// The key that a variable overrides. A source's name is what stands before the longest known field.
    private Optional<SettingKey> keyOf(String variable) {
        for (SettingKey key : SettingKey.ALL) {
            String plain = SettingKey.environmentVariable(key.name());
            if (variable.equals(plain) || variable.equals(plain + "_FILE")) {
                return SettingKey.find(variable.equals(plain) ? key.name() : key.name() + "_file");
            }
        }
        return SettingKey.NAMED.entrySet().stream()
                .flatMap(named -> keyOf(variable, named.getKey(), named.getValue()).stream())
                .findFirst();
    }

    private static Optional<SettingKey> keyOf(String variable, String group, String placeholder) {
        String start = SettingKey.environmentVariable(group) + "_";
        if (!variable.startsWith(start)) {
            return Optional.empty();
        }
        String rest = variable.substring(start.length()).toLowerCase(Locale.ROOT);
        String prefix = group + "." + placeholder + ".";
        return SettingKey.ALL.stream()
                .filter(key -> key.name().startsWith(prefix))
                .map(key -> key.name().substring(prefix.length()))
                .flatMap(field -> List.of(field, field + "_file").stream())
                .filter(field -> rest.endsWith("_" + field))
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .flatMap(field ->
                        SettingKey.find(
                                "%s.%s.%s"
                                        .formatted(
                                                group,
                                                strip(rest, "_" + field).replace('_', '-'),
                                                field)));
    }

    private static String strip(String text, String end) {
        return text.substring(0, text.length() - end.length());
    }

    private void layOptions(Options options) {
        options.data().ifPresent(data -> layOption("data", data, "--data"));
        options.idleExit().ifPresent(idle -> layOption("idle.exit", idle, "--idle-exit"));
        options.http().ifPresent(http -> layOption("http", http, "--http"));
        if (!options.listen().isEmpty()) {
            layOption("listen", options.listen(), "--listen");
        }
    }

    private void layOption(String name, Object value, String option) {
        SettingKey.find(name).ifPresent(key -> lay(key, value, new Origin.CommandLine(option)));
    }

    private void lay(SettingKey key, Object value, Origin origin) {
        try {
            if (key.name().endsWith("_file") && SettingKey.ALL.stream().noneMatch(key::equals)) {
                Path file = Path.of((String) SettingValues.convert(Kind.TEXT, value));
                laySecretFile(strip(key.name(), "_file"), file, origin.toString());
            } else {
                settings.put(
                        key.name(), new Setting(SettingValues.convert(key.kind(), value), origin));
            }
        } catch (IllegalArgumentException wrong) {
            mistakes.add(
                    "%s: \"%s\" must be %s, %s"
                            .formatted(
                                    origin, key.name(), key.kind().expected(), wrong.getMessage()));
        }
    }

    private void laySecretFile(String name, Path file, String where) {
        try {
            String secret = Files.readString(file).strip();
            if (secret.isEmpty()) {
                mistakes.add("%s: the file %s for \"%s\" is empty".formatted(where, file, name));
            } else {
                settings.put(name, new Setting(new Secret(secret), new Origin.SecretFile(file)));
            }
        } catch (IOException unreadable) {
            mistakes.add(
                    "%s: cannot read the file %s for \"%s\": %s"
                            .formatted(where, file, name, Reasons.of(unreadable)));
        }
    }
}
