package dev.hearth.webhook;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which handler gets which events. Fill it before the worker starts.
///
/// {@snippet lang=java :
/// handlers.on("stripe", "payment_intent.succeeded", (event, transaction) -> fulfil(event, transaction));
/// handlers.on("github", "*", (event, transaction) -> log.info("{}", event));
/// }
public final class EventHandlers {
    /// A handler and how it wants its events.
    record Registration(EventHandler handler, boolean coalescing) {}

    private static final String ANY = "*";

    // By source, then by type. A record as the key would cost a CGI program milliseconds for its
    // first hash.
    private final Map<String, Map<String, Registration>> registrations = new ConcurrentHashMap<>();

    private volatile HandlerLayer layer = (_, run) -> run.call();

    /// Registers the handler of one type of event of one source. The type `*` takes every type that has no
    /// handler of its own.
    ///
    /// @throws IllegalArgumentException if there is one already
    public EventHandlers on(String source, String type, EventHandler handler) {
        return register(source, type, new Registration(handler, false));
    }

    /// Registers a handler that brings an object up to date and so needs only the last of several events:
    /// all that wait for one object, of types registered this way, are handled by one call with the
    /// newest. A failed one does not hold back those that come after it.
    ///
    /// @throws IllegalArgumentException if there is a handler already
    public EventHandlers onLatest(String source, String type, EventHandler handler) {
        return register(source, type, new Registration(handler, true));
    }

    /// Has `first` called with each event of a type before the handler that gets it anyway; where there is
    /// none, `first` alone gets it, and of several events about one object only the newest. What `first`
    /// throws keeps the event from the other.
    ///
    /// Called after the handlers are registered. `first` is given the same transaction, and should leave it
    /// to the other.
    public EventHandlers first(String source, String type, EventHandler first) {
        Registration present = find(source, type).orElse(null);
        Registration composed =
                present == null
                        ? new Registration(first, true)
                        : new Registration(inTurn(first, present.handler), present.coalescing);
        of(source).put(type, composed);
        return this;
    }

    private static EventHandler inTurn(EventHandler first, EventHandler second) {
        return (event, transaction) -> {
            first.handle(event, transaction);
            second.handle(event, transaction);
        };
    }

    private EventHandlers register(String source, String type, Registration registration) {
        if (of(source).putIfAbsent(type, registration) != null) {
            throw new IllegalArgumentException(
                    "%s of %s has a handler already".formatted(type, source));
        }
        return this;
    }

    /// Has this stand around each run of a handler from now on, in place of what stood there.
    public EventHandlers around(HandlerLayer outer) {
        layer = outer;
        return this;
    }

    HandlerLayer layer() {
        return layer;
    }

    Optional<Registration> find(String source, String type) {
        Map<String, Registration> ofSource = registrations.getOrDefault(source, Map.of());
        Registration exact = ofSource.get(type);
        return Optional.ofNullable(exact != null ? exact : ofSource.get(ANY));
    }

    /// Whether the handler of a type takes the latest event of an object for all that wait.
    boolean takesLatest(String source, String type) {
        return find(source, type).map(Registration::coalescing).orElse(false);
    }

    private Map<String, Registration> of(String source) {
        return registrations.computeIfAbsent(source, _ -> new ConcurrentHashMap<>());
    }
}
