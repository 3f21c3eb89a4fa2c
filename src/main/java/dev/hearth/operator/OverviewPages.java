package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.metrics.Engine;
import dev.hearth.metrics.Moment;
import dev.hearth.metrics.Pulse;
import dev.hearth.metrics.Readiness;
import dev.hearth.web.ServerSentEvents;
import dev.hearth.web.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// How things go right now, live.
final class OverviewPages {
    /// Each stream takes a thread for as long as it lasts.
    private static final Semaphore STREAMS = new Semaphore(32);

    /// Then the browser connects anew, and shows its session again.
    private static final int BEATS = 300;

    private final Subject subject;
    private final Pages pages;

    OverviewPages(Subject subject, Pages pages) {
        this.subject = subject;
        this.pages = pages;
    }

    record OverviewPage(
            Optional<Moment> now,
            List<Chart> requests,
            List<Chart> inbox,
            CommitSizes batches,
            List<Chart> process,
            List<Readiness.Check> failing) {}

    Response show(Request request) {
        List<Moment> recent = subject.pulse().recent();
        OverviewPage page =
                new OverviewPage(
                        recent.isEmpty() ? Optional.empty() : Optional.of(recent.getLast()),
                        requests(recent),
                        inbox(recent),
                        CommitSizes.of(recent),
                        process(recent),
                        subject.readiness().checks().stream()
                                .filter(check -> !check.ok())
                                .toList());
        return pages.page(request, "Overview", "overview", page);
    }

    private static List<Chart> requests(List<Moment> recent) {
        return List.of(
                Chart.of("requests", "Requests", "per second", recent, Moment::requests),
                Chart.of("p50", "Latency, half within", "ms", recent, Moment::p50),
                Chart.of("p95", "95 % within", "ms", recent, Moment::p95),
                Chart.of("p99", "99 % within", "ms", recent, Moment::p99),
                Chart.of("errors", "Errors", "per second", recent, Moment::errors),
                Chart.of(
                        "running",
                        "In progress",
                        "requests",
                        recent,
                        now -> now.engine().map(Engine::running).orElse(0)));
    }

    private static List<Chart> inbox(List<Moment> recent) {
        return List.of(
                Chart.of("waiting", "Waiting", "events", recent, now -> (double) now.waiting()),
                Chart.of(
                        "retrying",
                        "To be tried again",
                        "events",
                        recent,
                        now -> (double) now.retrying()),
                Chart.ofSeconds("oldestSeconds", "Oldest waits", recent, Moment::oldestSeconds),
                Chart.of("stored", "Stored", "per second", recent, Moment::stored),
                Chart.of("handled", "Handled", "per second", recent, Moment::handled),
                Chart.of("failed", "Failed tries", "per second", recent, Moment::failed));
    }

    private static List<Chart> process(List<Moment> recent) {
        return List.of(
                Chart.of("heapMega", "Heap", "MB", recent, now -> (double) (now.heapUsed() >> 20)),
                Chart.of(
                        "gcMillis",
                        "Collecting",
                        "ms in 2 s",
                        recent,
                        now -> (double) now.gcMillis()),
                Chart.of("cpuPercent", "Processor", "% of one", recent, now -> now.cpu() * 100),
                Chart.of("threads", "Threads", "", recent, Moment::threads),
                Chart.of(
                        "connections",
                        "Connections",
                        "of front servers",
                        recent,
                        now -> now.engine().map(Engine::connections).orElse(0)),
                Chart.of(
                        "outgoing",
                        "To deliver",
                        "webhooks",
                        recent,
                        now -> (double) now.outgoing()));
    }

    /// The moments as they come, for the script.
    Response live(Request request) {
        if (!STREAMS.tryAcquire()) {
            throw Problem.of(503, "too-many-streams", "Too many pages are open.")
                    .refuse("Retry-After", "30");
        }
        STREAMS.release(); // taken for good where the stream begins: it may never do so
        return ServerSentEvents.stream(this::send);
    }

    private void send(ServerSentEvents events) throws IOException {
        if (!STREAMS.tryAcquire()) {
            return;
        }
        try {
            events.retryAfter(Duration.ofSeconds(3));
            Pulse pulse = subject.pulse();
            long seen = 0;
            for (int sent = 0; sent < BEATS; sent++) {
                Optional<Pulse.Beat> beat = pulse.after(seen);
                if (beat.isEmpty()) {
                    return;
                }
                seen = beat.get().number();
                events.send("moment", String.valueOf(seen), json(beat.get().moment()));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopping");
        } finally {
            STREAMS.release();
        }
    }

    private static String json(Moment moment) {
        return new String(Json.mapper().writeValueAsBytes(moment), StandardCharsets.UTF_8);
    }
}
