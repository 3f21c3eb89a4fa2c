package dev.hearth.app;

import dev.hearth.operator.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Settings as people may see them, on the operator site and by `hearth config`: of secrets only that they are set.
final class ShownSettings {
    /// A database's URL may hold one.
    private static final Pattern PASSWORD_IN_URL =
            Pattern.compile("((?i:password)=|://[^/@:]*:(?=[^@]*@))[^&@]*");

    /// A receiver's path or query may hold one, as Slack's do.
    private static final Pattern RECEIVER = Pattern.compile("outgoing\\.[^.]+\\.url");

    private static final Pattern BEHIND_HOST = Pattern.compile("(?<=[^:/])[/?].*");

    private ShownSettings() {}

    /// Every key that counts, set or not, in the order of the alphabet.
    static List<Subject.ConfigurationLine> of(Settings settings) {
        return of(settings, settings, _ -> false);
    }

    /// The same of a process that has read its settings again, each value as it holds in this process.
    ///
    /// @param waits whether a key holds as it was at the start until there is another
    static List<Subject.ConfigurationLine> of(
            Settings started, Settings fresh, Predicate<String> waits) {
        Set<String> keys = new TreeSet<>(started.origins().keySet());
        keys.addAll(fresh.origins().keySet());
        List<Subject.ConfigurationLine> lines = new ArrayList<>();
        for (String key : keys) {
            Settings holds = waits.test(key) ? started : fresh;
            boolean changes = !Objects.equals(value(holds, key), value(fresh, key));
            lines.add(
                    new Subject.ConfigurationLine(
                            key,
                            shown(key, value(holds, key)),
                            origin(holds, key)
                                    + (changes
                                            ? "; from the next start on: " + origin(fresh, key)
                                            : ""),
                            SettingKey.find(key).map(SettingKey::meaning).orElse("")));
        }
        return lines;
    }

    private static @Nullable Object value(Settings settings, String key) {
        return settings.isSet(key) ? settings.values().get(key) : settings.defaults().get(key);
    }

    private static String origin(Settings settings, String key) {
        return settings.origins().getOrDefault(key, new Origin.Default()).toString();
    }

    private static String shown(String key, @Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Secret _ -> "(set)";
            case Duration duration -> text(duration);
            case List<?> list ->
                    list.stream().map(String::valueOf).collect(Collectors.joining(", "));
            default -> withoutSecrets(key, value.toString());
        };
    }

    private static String withoutSecrets(String key, String text) {
        String masked = PASSWORD_IN_URL.matcher(text).replaceAll("$1***");
        return RECEIVER.matcher(key).matches()
                ? BEHIND_HOST.matcher(masked).replaceFirst("/…")
                : masked;
    }

    /// As the configuration has it: `90s`, `10m`, `1h`.
    private static String text(Duration duration) {
        if (duration.toMillisPart() > 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds == 0) {
            return "0s";
        }
        return seconds % 3600 == 0
                ? seconds / 3600 + "h"
                : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
