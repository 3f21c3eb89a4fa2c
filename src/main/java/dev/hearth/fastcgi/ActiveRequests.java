package dev.hearth.fastcgi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The requests of one connection that have begun and not ended, by id. Safe for many threads: requests end on
/// threads of their own.
final class ActiveRequests {
    // Most connections carry one request at a time: it needs no map.
    private @Nullable Exchange only; // guarded by this
    private @Nullable Map<Integer, Exchange> more; // guarded by this

    synchronized @Nullable Exchange get(int id) {
        Exchange first = only;
        if (first != null && first.id() == id) {
            return first;
        }
        return more == null ? null : more.get(id);
    }

    synchronized void add(Exchange exchange) {
        if (only == null) {
            only = exchange;
            return;
        }
        Map<Integer, Exchange> others = more;
        if (others == null) {
            others = new HashMap<>();
            more = others;
        }
        others.put(exchange.id(), exchange);
    }

    /// Removes this very exchange; another that has its id by now stays.
    synchronized void remove(Exchange exchange) {
        if (only == exchange) {
            only = null;
        } else if (more != null) {
            more.remove(exchange.id(), exchange);
        }
    }

    synchronized int size() {
        return (only == null ? 0 : 1) + (more == null ? 0 : more.size());
    }

    synchronized List<Exchange> all() {
        List<Exchange> all = new ArrayList<>(more == null ? List.of() : more.values());
        if (only != null) {
            all.add(only);
        }
        return all;
    }
}
