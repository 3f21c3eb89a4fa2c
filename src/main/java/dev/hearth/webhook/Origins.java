package dev.hearth.webhook;

import java.util.LinkedHashMap;
import java.util.Map;

/// What [DeliveryWatch] gave for the newest messages that this process has written. In memory only: a message whose
/// origin is forgotten is delivered all the same. Safe for many threads.
final class Origins {
    private static final int KEPT = 10_000;

    private final Map<String, String> origins = // guarded by this
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                    return size() > KEPT;
                }
            };

    synchronized void keep(String message, String origin) {
        if (!origin.isEmpty()) {
            origins.put(message, origin);
        }
    }

    synchronized String of(String message) {
        return origins.getOrDefault(message, "");
    }
}
