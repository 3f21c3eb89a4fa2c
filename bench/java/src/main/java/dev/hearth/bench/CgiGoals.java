package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What CGI must reach. The suite `cgi` keeps its samples under the names that stand here.
final class CgiGoals {

    static final String SUITE = "cgi";

    /// A process for each request, started from an AOT cache.
    static final String HEARTH_AOT = "hearth-cgi-aot";

    /// The same without a cache.
    static final String HEARTH = "hearth-cgi";

    /// A small process for each request, that passes it to the warm worker.
    static final String HEARTH_RELAY = "hearth-relay";

    static final String PHP = "php-cgi";
    static final String RUST = "rust-cgi";

    static final String WEBHOOK = "webhook, verify + insert, SQLite";

    /// One client that waits for each answer: its p50 is the wall time of a request.
    static final String ONE = "1 connection";

    /// Of the largest process of a request, looked at outside of the windows.
    static final String RSS = "RSS MB of one process";

    private CgiGoals() {}

    static List<Goal> all() {
        return List.of(
                goal(
                        "CGI webhook with AOT: wall time ≤ 3 × php-cgi doing the same",
                        r ->
                                ratio(
                                        Goals.median(
                                                r,
                                                HEARTH_AOT,
                                                WEBHOOK,
                                                ONE,
                                                s -> s.window().latency().p50()),
                                        Goals.median(
                                                r,
                                                PHP,
                                                WEBHOOK,
                                                ONE,
                                                s -> s.window().latency().p50()),
                                        3)),
                goal(
                        "CGI webhook with AOT: RSS ≤ 60 MB",
                        r ->
                                Goals.median(r, HEARTH_AOT, WEBHOOK, "", Results.figure(RSS))
                                        .map(rss ->
                                                new Reading("%.0f MB".formatted(rss), rss <= 60))),
                goal(
                        "relay to the warm worker: CPU per request ≤ 1.2 × Rust CGI",
                        r ->
                                ratio(
                                        Goals.median(
                                                r,
                                                HEARTH_RELAY,
                                                EngineBench.WORK,
                                                ONE,
                                                Results.cpu(0)),
                                        Goals.median(
                                                r, RUST, EngineBench.WORK, ONE, Results.cpu(0)),
                                        1.2)));
    }

    private static Optional<Reading> ratio(
            Optional<Double> ours, Optional<Double> theirs, double limit) {
        return ours.flatMap(o -> theirs.map(t -> o / t))
                .map(r -> new Reading("%.2f ×".formatted(r), r <= limit));
    }

    private static Goal goal(String sentence, Function<Results, Optional<Reading>> measure) {
        return new Goal(7, SUITE, sentence, measure);
    }
}
