package dev.hearth.app;

import dev.hearth.webhook.InboxFilter;
import dev.hearth.webhook.InboxState;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which stored events are meant.
final class EventFilter {
    private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

    @Option(names = "--source", paramLabel = "NAME", description = "Only events of this source.")
    private @Nullable String source;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type.")
    private @Nullable String type;

    @Option(
            names = "--object",
            paramLabel = "ID",
            description = "Only events about the object of this id, such as pi_….")
    private @Nullable String object;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description =
                    "Only events that are received, processing, retry, done, ignored or dead.")
    private @Nullable String state;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only events received since: 2h or 7d ago, 2026-11-21, or"
                            + " 2026-11-21T10:00:00Z.")
    private @Nullable String since;

    @Option(names = "--before", paramLabel = "TIME", description = "Only events received before.")
    private @Nullable String before;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "Only events with this in their body.")
    private @Nullable String text;

    /// Whether anything was asked for.
    boolean isEmpty() {
        return source == null
                && type == null
                && object == null
                && state == null
                && since == null
                && before == null
                && text == null;
    }

    /// What was asked for, as it was said.
    String words() {
        Map<String, @Nullable String> said = new LinkedHashMap<>();
        said.put("source", source);
        said.put("type", type);
        said.put("object", object);
        said.put("state", state);
        said.put("since", since);
        said.put("before", before);
        said.put("text", text);
        said.values().removeIf(Objects::isNull);
        return said.toString();
    }

    /// The filter, for at most so many events.
    ///
    /// @throws StartException if an option is not understood
    InboxFilter build(int limit, Instant now) throws StartException {
        try {
            InboxFilter filter = InboxFilter.ALL.atMost(limit);
            filter = source == null ? filter : filter.from(source);
            filter = type == null ? filter : filter.ofType(type);
            filter = object == null ? filter : filter.about(object);
            filter = state == null ? filter : filter.in(InboxState.parse(state));
            filter = text == null ? filter : filter.containing(text);
            return filter.between(
                    Optional.ofNullable(since).map(time -> time(time, now)),
                    Optional.ofNullable(before).map(time -> time(time, now)));
        } catch (IllegalArgumentException wrong) {
            throw new StartException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    static Instant time(String text, Instant now) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long n = Long.parseLong(ago.group(1));
            return now.minus(
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(n);
                        case "m" -> Duration.ofMinutes(n);
                        case "h" -> Duration.ofHours(n);
                        default -> Duration.ofDays(n);
                    });
        }
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException(
                    "a time is 2h or 7d ago, 2026-11-21, or 2026-11-21T10:00:00Z, was " + text,
                    wrong);
        }
    }
}
