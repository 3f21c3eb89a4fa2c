package dev.hearth.app;

import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.http.Headers;
import dev.hearth.webhook.SampleEvents.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Brings events to the Hearth that runs with these settings: over HTTP, or where that is off over FastCGI.
final class Delivery implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String where;
    private final String path;
    private final Optional<ListenAddress> fastCgi;
    private final HttpClient client;

    private Delivery(String where, String path, Optional<ListenAddress> fastCgi) {
        this.where = where;
        this.path = path;
        this.fastCgi = fastCgi;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
    }

    /// Asks nobody yet.
    ///
    /// @throws StartException if neither HTTP nor FastCGI is configured
    static Delivery to(Settings settings, String path) throws StartException {
        if (settings.http().isPresent()) {
            return new Delivery("http://" + settings.http().get(), path, Optional.empty());
        }
        List<ListenAddress> addresses = Listeners.addresses(settings);
        if (addresses.isEmpty()) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "neither HTTP nor FastCGI is configured: nobody to send to");
        }
        return new Delivery(
                addresses.getFirst().toString(), path, Optional.of(addresses.getFirst()));
    }

    /// Posts one event.
    ///
    /// @throws StartException if nobody answers
    Answer post(Sample event) throws StartException, InterruptedException {
        try {
            return fastCgi.isPresent()
                    ? FastCgiCall.post(
                            fastCgi.get(), path, map(event.headers()), event.body(), PATIENCE)
                    : overHttp(event);
        } catch (IOException unreachable) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "no Hearth answers at %s (%s); is it running with the same settings?"
                            .formatted(where, Reasons.of(unreachable)),
                    unreachable);
        }
    }

    private Answer overHttp(Sample event) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(where + path))
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(event.body()));
        event.headers().forEach(request::header);
        HttpResponse<String> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private static Map<String, String> map(Headers headers) {
        Map<String, String> map = new LinkedHashMap<>();
        headers.forEach(map::put);
        return map;
    }

    /// Posts events in their order, so many at once, and counts the answers.
    ///
    /// @throws StartException if nobody answers from the first on
    void postAll(List<Sample> events, int concurrency, Tally tally, Progress progress)
            throws StartException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> senders = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(concurrency)) {
            for (int i = 0; i < concurrency; i++) {
                senders.add(
                        threads.submit(() -> {
                            for (int n = next.getAndIncrement();
                                    n < events.size();
                                    n = next.getAndIncrement()) {
                                postCounted(events.get(n), tally);
                                progress.reached(tally.sent());
                            }
                            return true;
                        }));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof StartException nobody) {
                throw nobody;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private void postCounted(Sample event, Tally tally)
            throws StartException, InterruptedException {
        long started = System.nanoTime();
        try {
            Answer answer = post(event);
            tally.answered(answer, System.nanoTime() - started);
        } catch (StartException unreachable) {
            if (tally.sent() == 0) {
                throw unreachable;
            }
            tally.unanswered();
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /// What became of many events. Safe for many threads.
    static final class Tally {
        private final long startedNanos = System.nanoTime();
        private long accepted; // guarded by this, as everything below
        private long duplicates;
        private long refused;
        private long unavailable;
        private long unanswered;
        private long[] nanos = new long[1_024];
        private int answers;

        synchronized void answered(Answer answer, long took) {
            switch (answer.status()) {
                case 200 -> {
                    if (answer.body().contains("\"duplicate\":true")) {
                        duplicates++;
                    } else {
                        accepted++;
                    }
                }
                case 503 -> unavailable++;
                default -> refused++;
            }
            if (answers == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * answers);
            }
            nanos[answers++] = took;
        }

        synchronized void unanswered() {
            unanswered++;
        }

        synchronized long sent() {
            return answers + unanswered;
        }

        synchronized long accepted() {
            return accepted;
        }

        synchronized long duplicates() {
            return duplicates;
        }

        synchronized long notAccepted() {
            return refused + unavailable + unanswered;
        }

        /// What was counted, and times in milliseconds.
        synchronized Map<String, Object> members() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("sent", sent());
            members.put("accepted", accepted);
            members.put("duplicates", duplicates);
            members.put("refused", refused);
            members.put("unavailable", unavailable);
            members.put("unanswered", unanswered);
            double seconds = (System.nanoTime() - startedNanos) / 1e9;
            members.put("seconds", rounded(seconds));
            members.put("per_second", Math.round(sent() / seconds));
            long[] sorted = Arrays.copyOf(nanos, answers);
            Arrays.sort(sorted);
            members.put("median_ms", millis(sorted, 0.5));
            members.put("p95_ms", millis(sorted, 0.95));
            members.put("longest_ms", millis(sorted, 1));
            return members;
        }

        private static double millis(long[] sorted, double part) {
            return sorted.length == 0
                    ? 0
                    : rounded(sorted[(int) (part * (sorted.length - 1))] / 1e6);
        }

        private static double rounded(double value) {
            return Math.round(value * 10) / 10.0;
        }

        String text() {
            return EventOutput.lines(members());
        }
    }
}
