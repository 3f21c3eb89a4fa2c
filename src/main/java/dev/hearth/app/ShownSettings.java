package dev.hearth.app;

import dev.hearth.operator.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Settings as people may see them, on the operator site and by `hearth config`: of secrets only that they are set.
final class ShownSettings {
    /// A database's URL may hold one.
    private static final Pattern PASSWORD_IN_URL =
            Pattern.compile("((?i:password)=|://[^/@:]*:)[^&@]*");

    private ShownSettings() {}

    /// Every key that counts, set or not, in the order of the alphabet.
    static List<Subject.ConfigurationLine> of(Settings settings) {
        List<Subject.ConfigurationLine> lines = new ArrayList<>();
        settings.origins()
                .forEach((key, origin) ->
                        lines.add(
                                new Subject.ConfigurationLine(
                                        key,
                                        shown(
                                                settings.isSet(key)
                                                        ? settings.values().get(key)
                                                        : settings.defaults().get(key)),
                                        origin.toString(),
                                        SettingKey.find(key).map(SettingKey::meaning).orElse(""))));
        return lines;
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Secret _ -> "(set)";
            case Duration duration -> text(duration);
            case List<?> list ->
                    list.stream().map(String::valueOf).collect(Collectors.joining(", "));
            default -> PASSWORD_IN_URL.matcher(value.toString()).replaceAll("$1***");
        };
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
