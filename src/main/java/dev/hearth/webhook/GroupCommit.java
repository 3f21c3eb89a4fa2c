package dev.hearth.webhook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Writes what many threads bring at the same time in one transaction, so that they share one fsync.
///
/// There is no thread of its own: the first to come writes at once, alone, and is never delayed to fill a
/// group. Those that come meanwhile wait; when it is done, one of them writes for all that wait by then.
/// So the group grows with the load by itself, and an idle system pays no change of threads.
final class GroupCommit<T, R> {

    /// Writes a group and gives the results in its order. What it throws, every member of the group gets.
    @FunctionalInterface
    interface Writer<T, R> {
        List<R> write(List<T> group) throws Exception;
    }

    /// As many wait already as may.
    static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;

        FullException() {
            super("as many events wait to be written as may", null, false, false);
        }
    }

    private enum Turn {
        WAITING,
        WRITER,
        WRITTEN
    }

    /// One thread's item. The turn is written last, and read first, by the other thread.
    private static final class Place<T, R> {
        final T item;
        final Thread owner = Thread.currentThread();
        volatile Turn turn = Turn.WAITING;
        @Nullable R result;
        @Nullable Exception failure;

        Place(T item) {
            this.item = item;
        }

        void pass(Turn next) {
            turn = next;
            LockSupport.unpark(owner);
        }
    }

    private final Writer<T, R> writer;
    private final Predicate<Exception> blamesOne;
    private final ToLongFunction<T> weight;
    private final Limits limits;
    private final ArrayDeque<Place<T, R>> waiting = new ArrayDeque<>(); // guarded by itself
    private boolean writing; // guarded by waiting

    /// @param groupSize how many are written in one transaction
    /// @param groupWeight how much they may weigh together; one alone may weigh more
    /// @param waiting how many may wait
    record Limits(int groupSize, long groupWeight, int waiting) {
        static final Limits DEFAULT = new Limits(256, 4 << 20, 4_096);
    }

    /// @param blamesOne tells failures that one member of a group caused: then each is written alone
    GroupCommit(
            Writer<T, R> writer,
            Predicate<Exception> blamesOne,
            ToLongFunction<T> weight,
            Limits limits) {
        this.writer = writer;
        this.blamesOne = blamesOne;
        this.weight = weight;
        this.limits = limits;
    }

    /// Returns once the item is written for good.
    ///
    /// @throws FullException if too many wait; nothing was written
    /// @throws Exception what the writer threw
    R write(T item) throws Exception {
        Place<T, R> place = new Place<>(item);
        synchronized (waiting) {
            if (writing) {
                if (waiting.size() >= limits.waiting) {
                    throw new FullException();
                }
                waiting.add(place);
            } else {
                writing = true;
                place.turn = Turn.WRITER;
            }
        }
        awaitTurn(place);
        if (place.turn == Turn.WRITER) {
            writeGroup(place);
        }
        return outcome(place);
    }

    /// How many wait now.
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /// Waits through interruptions: the item is in another thread's hands.
    private void awaitTurn(Place<T, R> place) {
        boolean interrupted = false;
        while (place.turn == Turn.WAITING) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeGroup(Place<T, R> own) {
        List<Place<T, R>> group = gather(own);
        try {
            writeTogether(group);
        } finally {
            passOn(); // first, so that the next group's transaction begins while these are woken
            for (Place<T, R> place : group) {
                if (place == own) {
                    place.turn = Turn.WRITTEN;
                } else {
                    place.pass(Turn.WRITTEN);
                }
            }
        }
    }

    private List<Place<T, R>> gather(Place<T, R> own) {
        List<Place<T, R>> group = new ArrayList<>();
        group.add(own);
        long total = weight.applyAsLong(own.item);
        synchronized (waiting) {
            while (group.size() < limits.groupSize && !waiting.isEmpty()) {
                total += weight.applyAsLong(waiting.getFirst().item);
                if (total > limits.groupWeight) {
                    break;
                }
                group.add(waiting.remove());
            }
        }
        return group;
    }

    private void passOn() {
        Place<T, R> next;
        synchronized (waiting) {
            next = waiting.poll();
            writing = next != null;
        }
        if (next != null) {
            next.pass(Turn.WRITER);
        }
    }

    private void writeTogether(List<Place<T, R>> group) {
        try {
            List<R> results = writer.write(group.stream().map(place -> place.item).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).result = results.get(i);
            }
        } catch (Exception failed) {
            if (group.size() > 1 && blamesOne.test(failed)) {
                group.forEach(place -> writeTogether(List.of(place)));
            } else {
                group.forEach(place -> place.failure = failed);
            }
        }
    }

    private R outcome(Place<T, R> place) throws Exception {
        if (place.failure != null) {
            throw place.failure;
        }
        R result = place.result;
        if (result == null) {
            throw new IllegalStateException("the group's writer died of an error");
        }
        return result;
    }
}
