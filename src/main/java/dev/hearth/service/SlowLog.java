package dev.hearth.service;

import dev.hearth.http.LogText;
import dev.hearth.service.RunningRequests.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes down what a request is doing that takes long: its thread's stack, once for each such request.
public final class SlowLog extends Thread implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SlowLog.class);
    private static final int MOST_FRAMES = 40;

    private final RunningRequests requests;
    private volatile Duration after; // zero: never
    private volatile Optional<Path> file;
    private Set<Long> written = Set.of(); // owned by this thread; those that still run

    private SlowLog(RunningRequests requests, Duration after, Optional<Path> file) {
        super("slow-log");
        this.requests = requests;
        this.after = after;
        this.file = file;
        setDaemon(true);
    }

    /// Begins to look, where there is a time after which a request is slow.
    ///
    /// @param file where to write; the program's log without one
    public static SlowLog start(RunningRequests requests, Duration after, Optional<Path> file) {
        SlowLog started = new SlowLog(requests, after, file);
        started.start();
        return started;
    }

    /// Goes on with another time, or none (zero), and another file.
    public void change(Duration newTime, Optional<Path> newFile) {
        after = newTime;
        file = newFile;
        interrupt();
    }

    @Override
    public void run() {
        while (true) {
            try {
                Duration limit = after;
                // A quarter of it late at most, and no busier than needed.
                long pause =
                        limit.isZero() ? 3_600_000 : Math.clamp(limit.toMillis() / 4, 5, 1_000);
                TimeUnit.MILLISECONDS.sleep(pause);
                look(limit);
            } catch (InterruptedException changed) {
                if (after.isNegative()) {
                    return;
                }
            }
        }
    }

    private void look(Duration limit) {
        Set<Long> slow = new HashSet<>();
        for (Running request : requests.list()) {
            if (!limit.isZero() && request.nanos() >= limit.toNanos()) {
                slow.add(request.number());
                if (!written.contains(request.number())) {
                    write(request);
                }
            }
        }
        written = slow;
    }

    private void write(Running request) {
        StackTraceElement[] stack = request.thread().getStackTrace();
        Optional<Path> to = file;
        try {
            to.ifPresentOrElse(
                    path -> append(path, entry(request, stack)), () -> log(request, stack));
        } catch (UncheckedIOException failed) {
            log.error("the slow log {} cannot be written", to, failed);
        }
    }

    private static String entry(Running request, StackTraceElement[] stack) {
        return "[%s] %s\n%s\n\n"
                .formatted(
                        Instant.now().truncatedTo(ChronoUnit.MILLIS),
                        summary(request),
                        frames(stack).stream()
                                .map(frame -> "    at " + frame)
                                .collect(Collectors.joining("\n")));
    }

    private static void log(Running request, StackTraceElement[] stack) {
        Exception where = new Exception("where it is");
        where.setStackTrace(frames(stack).toArray(StackTraceElement[]::new));
        log.warn("slow: {}", summary(request), where);
    }

    private static List<StackTraceElement> frames(StackTraceElement[] stack) {
        return Arrays.stream(stack).limit(MOST_FRAMES).toList();
    }

    private static String summary(Running request) {
        return "request %d, %s %s from %s, runs for %d ms on %s"
                .formatted(
                        request.number(),
                        LogText.escape(request.method()),
                        LogText.escape(request.path()),
                        LogText.escape(request.client()),
                        request.nanos() / 1_000_000,
                        request.thread().getName());
    }

    /// Opened for each entry: an entry is rare, and a file that was moved away is made anew by itself.
    private static void append(Path path, String text) {
        try {
            Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        after = Duration.ofMillis(-1);
        interrupt();
    }
}
