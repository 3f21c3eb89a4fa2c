package dev.hearth.sandbox;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Everything that there is, by id, and the events that its changes left. Used under the lock of whoever
/// owns it.
final class Things {
    private static final long EVENTS_KEPT_SECONDS = 30 * 24 * 3600;

    private final JsonMapper json = JsonMapper.builder().build();
    private final InstantSource clock;
    private final Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    private final List<String> events = new ArrayList<>();
    private int last;

    Things(InstantSource clock) {
        this.clock = clock;
    }

    long now() {
        return clock.instant().getEpochSecond();
    }

    /// A new object with the members that all have.
    Map<String, Object> make(String kind, String prefix) {
        Map<String, Object> object = new LinkedHashMap<>();
        String id = String.format(Locale.ROOT, "%s_%06d", prefix, ++last);
        object.put("id", id);
        object.put("object", kind);
        object.put("created", now());
        object.put("livemode", false);
        all.put(id, object);
        return object;
    }

    List<Map<String, Object>> all(String kind) {
        return all.values().stream().filter(each -> kind.equals(each.get("object"))).toList();
    }

    Map<String, Object> find(String id) {
        return Optional.ofNullable(all.get(id))
                .orElseThrow(() -> new NotDoneException(404, "resource_missing", "id"));
    }

    List<String> events() {
        return List.copyOf(events);
    }

    /// Notes that an object has changed, with what it is at this moment.
    void event(String type, Map<String, Object> object) {
        Map<String, Object> event = make("event", "evt");
        event.put("type", type);
        event.put("api_version", "2026-07-29.dahlia");
        Map<String, Object> shown = new LinkedHashMap<>(object);
        shown.remove("form");
        event.put("data", Map.of("object", shown));
        events.add(json.writeValueAsString(event));
    }

    /// Whether it is an event of so long ago that it is not listed any more.
    boolean isForgotten(Map<String, Object> event) {
        return number(event, "created") < now() - EVENTS_KEPT_SECONDS;
    }

    /// A page of a list, newest first as given.
    Map<String, Object> list(List<Map<String, Object>> found, Map<String, String> query) {
        List<Map<String, Object>> page = found;
        String since = query.get("created[gte]");
        if (since != null) {
            long from = Long.parseLong(since);
            page = page.stream().filter(each -> number(each, "created") >= from).toList();
        }
        String after = query.get("starting_after");
        if (after != null) {
            page = page.stream().dropWhile(each -> !after.equals(each.get("id"))).skip(1).toList();
        }
        int limit = Integer.parseInt(query.getOrDefault("limit", "10"));
        return Map.of(
                "object",
                "list",
                "has_more",
                page.size() > limit,
                "data",
                page.stream().limit(limit).toList());
    }

    static void require(Map<String, Object> object, Set<String> statuses) {
        if (!statuses.contains(String.valueOf(object.get("status")))) {
            throw new NotDoneException(400, object.get("object") + "_unexpected_state", "");
        }
    }

    static boolean isIn(Map<String, Object> object, String status) {
        return status.equals(object.get("status"));
    }

    static Map<String, Object> metadata(Map<String, String> form, String within) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        String prefix = within + "metadata" + (within.isEmpty() ? "[" : "][");
        form.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                metadata.put(name.substring(prefix.length(), name.length() - 1), value);
            }
        });
        return metadata;
    }

    static long amount(Map<String, String> form, String name) {
        long amount = Long.parseLong(form.getOrDefault(name, "0"));
        if (amount < 1 || amount > 99_999_999) {
            throw new NotDoneException(400, "parameter_invalid_integer", name);
        }
        return amount;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Map<String, Object> object, String name) {
        return (Map<String, Object>) object.getOrDefault(name, Map.of());
    }

    static long number(Map<String, Object> object, String name) {
        return ((Number) object.getOrDefault(name, 0)).longValue();
    }

    static String text(Map<String, Object> object, String name) {
        return String.valueOf(object.get(name));
    }
}
