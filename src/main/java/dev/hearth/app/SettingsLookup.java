package dev.hearth.app;

import dev.hearth.app.SettingsReader.Setting;
import dev.hearth.http.AddressRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// Looks up configuration keys one by one, in the type that is asked for and within its bounds. What is out of them is
/// added to the mistakes, and something that can be gone on with is given; where each value came from is kept.
final class SettingsLookup {
    private final Map<String, Setting> settings;
    private final List<String> mistakes;
    private final Map<String, Origin> origins = new TreeMap<>();
    private final Map<String, Object> defaults = new TreeMap<>();

    SettingsLookup(Map<String, Setting> settings, List<String> mistakes) {
        this.settings = settings;
        this.mistakes = mistakes;
        // Also of keys that are read where they are used, such as those of the catalogue.
        settings.forEach((key, setting) -> origins.put(key, setting.origin()));
    }

    /// Every key that somebody set.
    Set<String> keys() {
        return settings.keySet();
    }

    /// What somebody set, by key.
    Map<String, Object> values() {
        Map<String, Object> values = new TreeMap<>();
        settings.forEach((key, setting) -> values.put(key, setting.value()));
        return values;
    }

    /// Where the value of each key came from that somebody set or that was looked up.
    Map<String, Origin> origins() {
        return origins;
    }

    /// What counts for keys that nobody set, as far as there is something.
    Map<String, Object> defaults() {
        return defaults;
    }

    Optional<String> text(String key) {
        return value(key, String.class);
    }

    String text(String key, String byDefault) {
        return value(key, String.class, byDefault);
    }

    Optional<Secret> secret(String key) {
        return value(key, Secret.class);
    }

    Optional<List<String>> texts(String key) {
        return setting(key)
                .map(setting -> ((List<?>) setting.value()).stream().map(String::valueOf).toList());
    }

    boolean flag(String key, boolean byDefault) {
        return value(key, Boolean.class, byDefault);
    }

    <T> T value(String key, Class<T> type, T byDefault) {
        defaults.put(key, byDefault);
        return value(key, type).orElse(byDefault);
    }

    <T> Optional<T> value(String key, Class<T> type) {
        return setting(key).map(setting -> type.cast(setting.value()));
    }

    private Optional<Setting> setting(String key) {
        Optional<Setting> found = Optional.ofNullable(settings.get(key));
        origins.put(key, found.map(Setting::origin).orElseGet(Origin.Default::new));
        return found;
    }

    /// One of these words, whatever the case it is written in.
    String word(String key, String byDefault, List<String> words) {
        String word = text(key, byDefault).toLowerCase(Locale.ROOT);
        if (!words.contains(word)) {
            mistaken(key, "one of " + String.join(", ", words), word);
        }
        return word;
    }

    long number(String key, long byDefault, long smallest, long largest) {
        long number = value(key, Long.class, byDefault);
        if (number < smallest || number > largest) {
            mistaken(key, "%d to %d".formatted(smallest, largest), Long.toString(number));
            return byDefault;
        }
        return number;
    }

    int count(String key, int byDefault, int smallest) {
        return (int) number(key, byDefault, smallest, 1_000_000);
    }

    Duration duration(String key, Duration byDefault) {
        return value(key, Duration.class, byDefault);
    }

    /// A duration that is longer than nothing.
    Duration timeout(String key, Duration byDefault) {
        Duration timeout = duration(key, byDefault);
        if (!timeout.isPositive()) {
            mistaken(key, "longer than nothing", timeout.toString());
            return byDefault;
        }
        return timeout;
    }

    /// An absolute path of a URL.
    Optional<String> path(String key, String example) {
        Optional<String> path = text(key);
        path.filter(text -> !text.matches("(/(?!\\.\\.?(/|$))[A-Za-z0-9._-]+)+"))
                .ifPresent(
                        wrong -> mistaken(key, "a path such as \"%s\"".formatted(example), wrong));
        return path;
    }

    /// A path of this system: in the locale C none has an umlaut.
    Optional<Path> file(String key) {
        return text(key)
                .flatMap(
                        name -> parse(key, name, "a path of this system and its locale", Path::of));
    }

    Path file(String key, String byDefault) {
        defaults.put(key, byDefault);
        return file(key).orElse(Path.of(byDefault));
    }

    List<AddressRange> ranges(String key, List<String> byDefault, String expected) {
        defaults.put(key, byDefault);
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : texts(key).orElse(byDefault)) {
            parse(key, text, expected, AddressRange::parse).ifPresent(ranges::add);
        }
        return ranges;
    }

    /// The text as the parser reads it, or nothing and a mistake where the parser throws
    /// [IllegalArgumentException].
    <T> Optional<T> parse(String key, String text, String expected, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException wrong) {
            mistaken(key, expected, text + " (" + wrong.getMessage() + ")");
            return Optional.empty();
        }
    }

    /// Adds a mistake, with where the value came from.
    void mistaken(String key, String expected, String found) {
        Setting setting = settings.get(key);
        Object origin = setting == null ? "default" : setting.origin();
        mistakes.add("%s: \"%s\" must be %s, was %s".formatted(origin, key, expected, found));
    }
}
