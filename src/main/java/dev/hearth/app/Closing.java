package dev.hearth.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.LoggerFactory;

/// What was opened, closed in reverse. For what cannot stand in one try-with-resources, because it is opened
/// in one method and closed in another.
final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>(); // the newest first

    /// Keeps it to be closed, and gives it back.
    <T extends AutoCloseable> T add(T closeable) {
        opened.addFirst(closeable);
        return closeable;
    }

    /// Closes all, the newest first. One that fails is logged and does not keep the others open.
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable next = opened.removeFirst();
            try {
                next.close();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (Exception failed) {
                LoggerFactory.getLogger(Closing.class).error("cannot close {}", next, failed);
            }
        }
    }
}
