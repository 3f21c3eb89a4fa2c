package dev.hearth.program;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells when a file was written, whether in place or by an editor that puts a new one in its place.
public final class FileWatch implements AutoCloseable {
    /// An editor writes in several steps; what comes within this time is one change.
    private static final long QUIET_MILLIS = 30;

    private final WatchService events;
    private final Path name;
    private final Thread thread;

    private FileWatch(WatchService events, Path name, Runnable first, Runnable changed) {
        this.events = events;
        this.name = name;
        this.thread =
                Thread.ofPlatform().name("watch").daemon().unstarted(() -> watch(first, changed));
    }

    /// Calls `changed` after each change, on a thread of its own, one call at a time, until closed; and
    /// `first` before that.
    public static FileWatch start(Path file, Runnable first, Runnable changed) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        Path name = absolute.getFileName();
        if (folder == null || name == null) {
            throw new IOException(file + " is not a file");
        }
        WatchService events = folder.getFileSystem().newWatchService();
        folder.register(
                events, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        FileWatch watch = new FileWatch(events, name, first, changed);
        watch.thread.start();
        return watch;
    }

    private void watch(Runnable first, Runnable changed) {
        try {
            first.run();
            while (true) {
                boolean ours = concerns(events.take());
                WatchKey more = events.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                while (more != null) {
                    ours |= concerns(more);
                    more = events.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                }
                if (ours) {
                    changed.run();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // closed: the thread ends
        }
    }

    private boolean concerns(@Nullable WatchKey key) {
        boolean ours = false;
        if (key != null) {
            for (WatchEvent<?> event : key.pollEvents()) {
                ours |= event.context() == null || name.equals(event.context());
            }
            key.reset();
        }
        return ours;
    }

    /// Ends the watch, and a call in progress with it. Harmless when closed already.
    @Override
    public void close() throws IOException {
        events.close();
        thread.interrupt();
    }
}
