package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.storage.Dialect;
import dev.hearth.storage.TimeOrderedIds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A filter as SQL: what follows `WHERE`, and its parameters in order. Times become ranges of ids, which are
/// in the order of reception.
record InboxConditions(String sql, List<Object> parameters) {

    /// Everything that the filter says.
    static InboxConditions of(InboxFilter filter, Dialect dialect) {
        return range(filter).and(attributes(filter, dialect));
    }

    /// What the filter says of ids alone: the part of the table that is looked at.
    static InboxConditions range(InboxFilter filter) {
        Builder range = new Builder();
        filter.since().ifPresent(time -> range.add("id >= ?", TimeOrderedIds.first(time)));
        filter.before().ifPresent(time -> range.add("id < ?", TimeOrderedIds.first(time)));
        filter.olderThan().ifPresent(cursor -> range.add("id < ?", cursor));
        return range.build();
    }

    /// What it says of everything else.
    static InboxConditions attributes(InboxFilter filter, Dialect dialect) {
        Builder attributes = new Builder();
        filter.state().ifPresent(state -> attributes.add("state = ?", state.column()));
        filter.source().ifPresent(source -> attributes.add("source = ?", source));
        filter.type().ifPresent(type -> attributes.add("event_type = ?", type));
        filter.object().ifPresent(object -> attributes.add("object_id = ?", object));
        filter.text()
                .ifPresent(text ->
                        attributes.add(
                                dialect.positionInBytes("body") + " > 0", text.getBytes(UTF_8)));
        return attributes.build();
    }

    InboxConditions and(InboxConditions more) {
        List<Object> all = new ArrayList<>(parameters);
        all.addAll(more.parameters);
        return new InboxConditions(sql + " AND " + more.sql, all);
    }

    @Nullable Object[] with(Object... last) {
        List<Object> all = new ArrayList<>(parameters);
        all.addAll(List.of(last));
        return all.toArray();
    }

    private static final class Builder {
        private final StringBuilder sql = new StringBuilder("1 = 1");
        private final List<Object> parameters = new ArrayList<>();

        void add(String condition, Object value) {
            sql.append(" AND ").append(condition);
            parameters.add(value);
        }

        InboxConditions build() {
            return new InboxConditions(sql.toString(), parameters);
        }
    }
}
