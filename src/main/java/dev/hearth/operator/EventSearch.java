package dev.hearth.operator;

import dev.hearth.webhook.InboxFilter;
import dev.hearth.webhook.InboxState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A search as it was typed, and what is wrong with it, field by field.
record EventSearch(Map<String, String> typed, Map<String, String> faults) {
    private static final String[] FIELDS = {
        "source", "type", "object", "state", "since", "before", "zone", "text", "after"
    };
    private static final int LONGEST = 255;

    /// Times are counted in milliseconds, in 48 bits.
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    static EventSearch of(Asked asked) {
        Map<String, String> typed = new LinkedHashMap<>();
        Map<String, String> faults = new LinkedHashMap<>();
        for (String field : FIELDS) {
            String value = field.equals("after") ? asked.place(field) : asked.text(field);
            typed.put(field, value);
            if (!asked.fault(field).isEmpty()) {
                // The zone has no field of its own: it is said in the labels of the times.
                faults.put(field.equals("zone") ? "since" : field, asked.fault(field));
            } else if (value.length() > LONGEST) {
                faults.put(field, "At most %d characters.".formatted(LONGEST));
            }
        }
        EventSearch search = new EventSearch(typed, faults);
        search.check();
        return search;
    }

    private void check() {
        if (!value("zone").isEmpty() && zoneId().isEmpty()) {
            faults.put("since", "The time zone %s is not known.".formatted(value("zone")));
        }
        String state = value("state");
        if (!state.isEmpty()) {
            try {
                InboxState.parse(state);
            } catch (IllegalArgumentException wrong) {
                faults.put("state", "There is no such state.");
            }
        }
        for (String field : new String[] {"since", "before"}) {
            if (!value(field).isEmpty() && time(field).isEmpty()) {
                faults.put(field, "A date such as 2026-11-21, or with a time 2026-11-21T09:30.");
            }
        }
        Optional<Instant> since = time("since");
        Optional<Instant> before = time("before");
        if (since.isPresent() && before.isPresent() && !since.get().isBefore(before.get())) {
            faults.put("before", "This must be later than the start.");
        }
    }

    String value(String field) {
        return typed.getOrDefault(field, "");
    }

    /// What is wrong with a field; empty where nothing is.
    String fault(String field) {
        return faults.getOrDefault(field, "");
    }

    String after() {
        return value("after");
    }

    boolean isEmpty() {
        return typed.entrySet().stream()
                .allMatch(field -> field.getValue().isEmpty() || field.getKey().equals("zone"));
    }

    /// The search, unless something is wrong with it.
    Optional<InboxFilter> filter() {
        if (!faults.isEmpty()) {
            return Optional.empty();
        }
        InboxFilter filter = InboxFilter.ALL.between(time("since"), time("before"));
        filter = value("source").isEmpty() ? filter : filter.from(value("source"));
        filter = value("type").isEmpty() ? filter : filter.ofType(value("type"));
        filter = value("object").isEmpty() ? filter : filter.about(value("object"));
        filter = value("text").isEmpty() ? filter : filter.containing(value("text"));
        filter = after().isEmpty() ? filter : filter.after(after());
        return Optional.of(
                value("state").isEmpty() ? filter : filter.in(InboxState.parse(value("state"))));
    }

    /// The time zone in which the times were typed: UTC where there is no script that names the viewer's.
    String zone() {
        return value("zone").isEmpty() ? "UTC" : value("zone");
    }

    private Optional<ZoneId> zoneId() {
        try {
            return Optional.of(ZoneId.of(zone()));
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }

    private Optional<Instant> time(String field) {
        String typedTime = value(field);
        try {
            Optional<ZoneId> zone = zoneId();
            if (typedTime.isEmpty() || zone.isEmpty()) {
                return Optional.empty();
            }
            Instant time =
                    typedTime.endsWith("Z")
                            ? Instant.parse(typedTime)
                            : typedTime.length() == 10
                                    ? LocalDate.parse(typedTime)
                                            .atStartOfDay(zone.get())
                                            .toInstant()
                                    : LocalDateTime.parse(typedTime).atZone(zone.get()).toInstant();
            return time.isBefore(END_OF_TIME) ? Optional.of(time) : Optional.empty();
        } catch (DateTimeParseException wrong) {
            return Optional.empty();
        }
    }

    /// The same search as a query, going on behind `from`.
    String query(String from) {
        StringBuilder query = new StringBuilder();
        typed.forEach((field, value) -> {
            String text = field.equals("after") ? from : value;
            if (!text.isEmpty()) {
                query.append(query.isEmpty() ? "" : "&")
                        .append(field)
                        .append('=')
                        .append(URLEncoder.encode(text, StandardCharsets.UTF_8));
            }
        });
        return query.toString();
    }
}
