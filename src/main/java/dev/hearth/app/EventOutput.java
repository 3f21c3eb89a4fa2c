package dev.hearth.app;

import dev.hearth.webhook.DeadGroup;
import dev.hearth.webhook.InboxEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Stored events as the commands print them.
final class EventOutput {
    private EventOutput() {}

    /// Every member but the body.
    static Map<String, Object> members(InboxEntry event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", event.id());
        members.put("source", event.source());
        members.put("external_id", event.externalId());
        members.put("type", event.type());
        members.put("object_type", event.objectType());
        members.put("object_id", event.objectId());
        members.put("livemode", event.livemode());
        members.put("state", event.state().column());
        members.put("attempts", event.attempts());
        members.put("created", event.created());
        members.put("received_at", event.receivedAt());
        members.put("next_at", event.nextAt());
        members.put("done_at", event.doneAt());
        members.put("last_error", event.lastError());
        return members;
    }

    /// A group of dead events.
    static Map<String, Object> members(DeadGroup group) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("count", group.count());
        members.put("source", group.source());
        members.put("type", group.type());
        members.put("error", group.error());
        members.put("oldest_id", group.oldestId());
        members.put("newest_id", group.newestId());
        members.put("oldest", group.oldest());
        members.put("newest", group.newest());
        return members;
    }

    /// One member a line.
    static String lines(Map<String, Object> members) {
        StringBuilder text = new StringBuilder();
        members.forEach((name, value) -> text.append("%-12s %s\n".formatted(name, plain(value))));
        return text.toString();
    }

    private static Object plain(Object value) {
        return value instanceof Optional<?> optional
                ? optional.map(Object::toString).orElse("-")
                : value;
    }

    static String table(List<InboxEntry> events) {
        if (events.isEmpty()) {
            return "The inbox has no such event.\n";
        }
        StringBuilder text = new StringBuilder();
        text.append(row("RECEIVED", "STATE", "SOURCE", "TYPE", "ID", "TRIES"));
        for (InboxEntry event : events) {
            text.append(
                    row(
                            seconds(event.receivedAt()),
                            event.state().column(),
                            event.source(),
                            event.type(),
                            event.externalId(),
                            Integer.toString(event.attempts())));
        }
        return text.toString();
    }

    private static String row(
            String received, String state, String source, String type, String id, String tries) {
        return "%-20s  %-10s  %-10s  %-32s  %-30s  %s\n"
                .formatted(received, state, source, type, id, tries);
    }

    static String groups(List<DeadGroup> groups) {
        if (groups.isEmpty()) {
            return "No event is dead.\n";
        }
        StringBuilder text = new StringBuilder();
        String format = "%7s  %-20s  %-10s  %-32s  %s\n";
        text.append(format.formatted("EVENTS", "NEWEST", "SOURCE", "TYPE", "ERROR"));
        for (DeadGroup group : groups) {
            text.append(
                    format.formatted(
                            group.count(),
                            seconds(group.newest()),
                            group.source(),
                            group.type(),
                            group.error()));
        }
        return text.toString();
    }

    static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
