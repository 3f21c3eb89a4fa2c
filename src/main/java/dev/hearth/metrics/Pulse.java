package dev.hearth.metrics;

import dev.hearth.metrics.Vitals.Reading;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a reading every two seconds and keeps those of the last five minutes, so that whoever opens a page sees at
/// once how things went, and all who look share one reading. Safe for many threads.
public final class Pulse implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Pulse.class);

    /// The pause between two readings.
    public static final Duration PAUSE = Duration.ofSeconds(2);

    private static final int KEPT = 150;

    private final Vitals vitals;
    private final Thread thread;
    private final ArrayDeque<Moment> moments = new ArrayDeque<>(); // guarded by itself
    private long number; // of the newest moment; guarded by moments
    private boolean closed; // guarded by moments

    /// Not started yet: until then there are no moments.
    public Pulse(Vitals vitals) {
        this.vitals = vitals;
        this.thread = Thread.ofPlatform().name("pulse").daemon().unstarted(this::run);
    }

    /// Starts reading, on a thread of its own. Once.
    public void start() {
        thread.start();
    }

    /// A moment and its number, which grows by one each time.
    public record Beat(long number, Moment moment) {}

    private void run() {
        @Nullable Reading before = null;
        while (awaitBeat()) {
            try {
                Reading now = vitals.read();
                if (before != null) {
                    keep(Moment.between(before, now));
                }
                before = now;
            } catch (RuntimeException bug) {
                log.error("a reading failed", bug);
            }
        }
    }

    /// Also before the first: whoever starts is not held up. False once it is closed.
    private boolean awaitBeat() {
        synchronized (moments) {
            try {
                // Woken only to end: a beat that comes early would be a rate over no time.
                long end = System.nanoTime() + PAUSE.toNanos();
                for (long left = PAUSE.toMillis();
                        left > 0 && !closed;
                        left = (end - System.nanoTime()) / 1_000_000) {
                    moments.wait(left);
                }
            } catch (InterruptedException _) {
                return false; // nobody but an owner interrupts this thread
            }
            return !closed;
        }
    }

    private void keep(Moment moment) {
        synchronized (moments) {
            moments.addLast(moment);
            if (moments.size() > KEPT) {
                moments.removeFirst();
            }
            number++;
            moments.notifyAll();
        }
    }

    /// The moments that are kept, oldest first.
    public List<Moment> recent() {
        synchronized (moments) {
            return new ArrayList<>(moments);
        }
    }

    /// The newest moment behind the one of this number (0 for any), waited for if there is none yet; nothing once
    /// the pulse is closed.
    ///
    /// @throws InterruptedException if the thread is interrupted meanwhile
    public Optional<Beat> after(long seen) throws InterruptedException {
        synchronized (moments) {
            while (!closed && (number <= seen || moments.isEmpty())) {
                moments.wait();
            }
            return closed ? Optional.empty() : Optional.of(new Beat(number, moments.getLast()));
        }
    }

    /// Ends the readings and lets go whoever waits for one. Harmless when closed already.
    @Override
    public void close() {
        synchronized (moments) {
            closed = true;
            moments.notifyAll();
        }
    }
}
