package dev.hearth.webhook;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Events on their short way from being stored to the worker of the same process.
///
/// Those of whose object this worker has none in hand are stored with its lease already: [#expect] says
/// which, before; [#arrive] brings them, after the commit. Whether another process had the same thought is
/// found out by the worker. Everything else is left behind in the table, to be claimed.
///
/// Safe for many threads.
final class Arrivals {
    private final String owner;
    private final WorkerSettings settings;
    private final InstantSource clock;
    private final WakeUp wakeUp;
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final Set<InboxObject> busy = ConcurrentHashMap.newKeySet();
    private final AtomicInteger expected = new AtomicInteger(); // also those in the queue
    private final AtomicBoolean leftBehind = new AtomicBoolean(true);
    private volatile boolean backlog = true; // until somebody has looked
    private volatile int held;
    private volatile boolean closed;

    Arrivals(String owner, WorkerSettings settings, InstantSource clock, WakeUp wakeUp) {
        this.owner = owner;
        this.settings = settings;
        this.clock = clock;
        this.wakeUp = wakeUp;
    }

    /// Which of these events are to be stored with the lease. Either [#arrive] or [#doNotArrive] follows.
    Lease expect(List<NewEvent> group) {
        Set<String> ids = new HashSet<>();
        // What waits longer goes first.
        boolean mayCome = !closed && !backlog;
        for (NewEvent event : group) {
            if (mayCome
                    && held + expected.get() < settings.claimed()
                    && InboxObject.of(event).map(busy::add).orElse(true)) {
                ids.add(event.id());
                expected.incrementAndGet();
            }
        }
        Instant end = clock.instant().plus(settings.lease());
        return new Lease(owner, end, ids);
    }

    /// The group was committed, and these of it are new.
    void arrive(Lease lease, List<NewEvent> group, Set<String> stored) {
        for (NewEvent event : group) {
            if (!lease.ids().contains(event.id())) {
                if (stored.contains(event.id())) {
                    leftBehind.set(true);
                }
            } else if (stored.contains(event.id())) {
                events.add(event.asEvent());
            } else {
                doNotArrive(event);
            }
        }
        wakeUp.signal();
    }

    /// The group was not committed, or nobody knows whether it was: then its leases run out.
    void doNotArrive(Lease lease, Collection<NewEvent> group) {
        for (NewEvent event : group) {
            if (lease.ids().contains(event.id())) {
                doNotArrive(event);
            }
        }
    }

    private void doNotArrive(NewEvent event) {
        InboxObject.of(event).ifPresent(busy::remove);
        expected.decrementAndGet();
    }

    // From here on: for the worker's dispatcher.

    void drainTo(Collection<Event> arrived) {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            arrived.add(event);
            expected.decrementAndGet();
        }
    }

    /// Whether events may still arrive after the end was announced.
    boolean areExpected() {
        return expected.get() > 0;
    }

    /// Notes how many events are in hand.
    void holding(int many) {
        held = many;
    }

    /// Notes whether more wait in the table than the worker can take.
    void haveBacklog(boolean more) {
        backlog = more;
    }

    /// Whether more waited in the table, when somebody looked last, than the worker could take.
    boolean isBacklog() {
        return backlog;
    }

    /// Notes that events may wait in the table.
    void leftBehind() {
        leftBehind.set(true);
        wakeUp.signal();
    }

    /// Whether events may wait in the table.
    boolean areLeftBehind() {
        return leftBehind.get();
    }

    /// Takes that note away, before somebody looks.
    void areLookedAfter() {
        leftBehind.set(false);
    }

    boolean isBusy(InboxObject object) {
        return busy.contains(object);
    }

    void becomesBusy(InboxObject object) {
        busy.add(object);
    }

    void isNoLongerBusy(InboxObject object) {
        busy.remove(object);
    }

    /// Lets no event arrive any more that is not expected yet.
    void close() {
        closed = true;
    }
}
