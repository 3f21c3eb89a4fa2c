package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.metrics.Moment;
import dev.hearth.metrics.Pulse;
import dev.hearth.metrics.Readiness;
import dev.hearth.web.ServerSentEvents;
import dev.hearth.web.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.ToDoubleFunction;

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

    /// A figure with its course over the last minutes. `values` are drawn here, and further by the script.
    ///
    /// @param key the member of a [Moment] that goes on
    record Chart(String key, String title, String unit, String now, List<Double> values) {
        private static final int WIDTH = 240;
        private static final int HEIGHT = 48;
        static final int SHOWN = 150;

        static Chart of(
                String key,
                String title,
                String unit,
                List<Moment> moments,
                ToDoubleFunction<Moment> figure) {
            List<Double> values = moments.stream().map(figure::applyAsDouble).toList();
            double last = values.isEmpty() ? 0 : values.getLast();
            return new Chart(key, title, unit, text(last), values);
        }

        static String text(double value) {
            return value == Math.rint(value) || value >= 100
                    ? String.format(Locale.ROOT, "%,.0f", value)
                    : String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
        }

        /// As an SVG polyline has them; the newest stands at the right end.
        String points() {
            double most = Math.max(1e-9, values.stream().mapToDouble(each -> each).max().orElse(1));
            List<String> points = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                double x = WIDTH - (values.size() - 1 - i) * (WIDTH / (SHOWN - 1.0));
                double y = HEIGHT - 2 - values.get(i) / most * (HEIGHT - 4);
                points.add(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
            }
            return String.join(" ", points);
        }

        String data() {
            List<String> texts = new ArrayList<>();
            values.forEach(value -> texts.add(String.format(Locale.ROOT, "%.4g", value)));
            return String.join(",", texts);
        }
    }

    record OverviewPage(
            Optional<Moment> now,
            List<Chart> requests,
            List<Chart> inbox,
            List<Chart> process,
            List<Readiness.Check> failing) {}

    Response show(Request request) {
        List<Moment> recent = subject.pulse().recent();
        OverviewPage page =
                new OverviewPage(
                        recent.isEmpty() ? Optional.empty() : Optional.of(recent.getLast()),
                        List.of(
                                Chart.of(
                                        "requests",
                                        "Requests",
                                        "per second",
                                        recent,
                                        Moment::requests),
                                Chart.of("p50", "Latency, half within", "ms", recent, Moment::p50),
                                Chart.of("p95", "95 % within", "ms", recent, Moment::p95),
                                Chart.of("p99", "99 % within", "ms", recent, Moment::p99),
                                Chart.of("errors", "Errors", "per second", recent, Moment::errors),
                                Chart.of(
                                        "running",
                                        "In progress",
                                        "requests",
                                        recent,
                                        now -> now.engine().map(e -> e.running()).orElse(0))),
                        List.of(
                                Chart.of(
                                        "waiting",
                                        "Waiting",
                                        "events",
                                        recent,
                                        m -> (double) m.waiting()),
                                Chart.of(
                                        "oldestSeconds",
                                        "Oldest waits",
                                        "seconds",
                                        recent,
                                        Moment::oldestSeconds),
                                Chart.of("stored", "Stored", "per second", recent, Moment::stored),
                                Chart.of(
                                        "handled",
                                        "Handled",
                                        "per second",
                                        recent,
                                        Moment::handled),
                                Chart.of("batch", "Per commit", "events", recent, Moment::batch),
                                Chart.of(
                                        "failed",
                                        "Failed tries",
                                        "per second",
                                        recent,
                                        Moment::failed)),
                        List.of(
                                Chart.of(
                                        "heapMega",
                                        "Heap",
                                        "MB",
                                        recent,
                                        now -> (double) (now.heapUsed() >> 20)),
                                Chart.of(
                                        "gcMillis",
                                        "Collecting",
                                        "ms in 2 s",
                                        recent,
                                        m -> (double) m.gcMillis()),
                                Chart.of(
                                        "cpuPercent",
                                        "Processor",
                                        "% of one",
                                        recent,
                                        m -> m.cpu() * 100),
                                Chart.of("threads", "Threads", "", recent, Moment::threads),
                                Chart.of(
                                        "connections",
                                        "Connections",
                                        "of front servers",
                                        recent,
                                        now -> now.engine().map(e -> e.connections()).orElse(0)),
                                Chart.of(
                                        "outgoing",
                                        "To deliver",
                                        "webhooks",
                                        recent,
                                        m -> (double) m.outgoing())),
                        subject.readiness().checks().stream()
                                .filter(check -> !check.ok())
                                .toList());
        return pages.page(request, "Overview", "overview", page);
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
