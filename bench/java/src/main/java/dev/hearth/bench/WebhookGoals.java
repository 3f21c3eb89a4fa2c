package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.peer.WebhookPeers;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What the inbox must reach.
final class WebhookGoals {

    private static final String SATURATED = WebhookBench.SATURATED;

    /// After so many events memory is looked at.
    static final int BEFORE_MEMORY = 100_000;

    private WebhookGoals() {}

    static List<Goal> all() {
        return List.of(
                cpu("verify: CPU ≤ 0.33 × PHP-FPM", WebhookBench.VERIFY, "php-fpm", 0, 0.33),
                cpu(
                        "verify: CPU ≤ 0.5 × C on libfcgi with OpenSSL and cJSON",
                        WebhookBench.VERIFY,
                        "libfcgi",
                        0,
                        0.5),
                goal(
                        "PostgreSQL, 32 connections: requests/s ≥ 4 × PHP-FPM",
                        r ->
                                Goals.atLeast(
                                        r,
                                        WebhookBench.POSTGRES,
                                        SATURATED,
                                        "php-fpm",
                                        s -> s.window().perSecond(),
                                        4)),
                cpu(
                        "PostgreSQL: worker CPU ≤ 0.33 × PHP-FPM",
                        WebhookBench.POSTGRES,
                        "php-fpm",
                        0,
                        0.33),
                cpu(
                        "PostgreSQL: database CPU per event ≤ 0.25 × PHP-FPM's",
                        WebhookBench.POSTGRES,
                        "php-fpm",
                        WebhookReport.POSTGRES,
                        0.25),
                takingIn(
                        "requests/s ≥ 4 × PHP-FPM",
                        s -> s.window().perSecond(),
                        ratio -> ratio >= 4),
                takingIn("worker CPU ≤ 0.33 × PHP-FPM", Results.cpu(0), ratio -> ratio <= 0.33),
                takingIn(
                        "database CPU per event ≤ 0.25 × PHP-FPM's",
                        Results.cpu(WebhookReport.POSTGRES),
                        ratio -> ratio <= 0.25),
                goal(
                        "SQLite, synchronous=FULL: requests/s ≥ PostgreSQL",
                        WebhookGoals::sqliteToPostgres),
                new Goal(
                        7,
                        "webhook",
                        "RSS ≤ 90 MB after 100,000 webhooks, default heap",
                        WebhookGoals::rssAfter));
    }

    /// The same targets for a Hearth that only stores events, which is all that PHP does with them.
    private static Goal takingIn(
            String target, ToDoubleFunction<Sample> figure, DoublePredicate reached) {
        return goal(
                "PostgreSQL, only taking in, as PHP does: " + target,
                results -> {
                    Optional<Double> php =
                            Goals.median(
                                    results, "php-fpm", WebhookBench.POSTGRES, SATURATED, figure);
                    return Goals.median(
                                    results,
                                    WebhookPeers.TAKING_IN_ONLY,
                                    WebhookBench.POSTGRES,
                                    SATURATED,
                                    figure)
                            .flatMap(ours -> php.map(theirs -> ours / theirs))
                            .map(ratio ->
                                    new Reading("%.2f ×".formatted(ratio), reached.test(ratio)));
                });
    }

    private static Optional<Reading> sqliteToPostgres(Results results) {
        ToDoubleFunction<Sample> rate = s -> s.window().perSecond();
        Optional<Double> postgres =
                Goals.median(results, Goals.SUBJECT, WebhookBench.POSTGRES, SATURATED, rate);
        return Goals.median(results, Goals.SUBJECT, WebhookBench.SQLITE, SATURATED, rate)
                .flatMap(sqlite -> postgres.map(p -> sqlite / p))
                .map(ratio -> new Reading("%.2f ×".formatted(ratio), ratio >= 1));
    }

    /// Told only where there were so many.
    private static Optional<Reading> rssAfter(Results results) {
        return results.samples().stream()
                .filter(s -> s.peer().equals(Goals.SUBJECT) && s.work().equals(WebhookBench.SQLITE))
                .filter(s -> s.figures().getOrDefault(WebhookBench.ANSWERS, 0.0) >= BEFORE_MEMORY)
                .map(s -> s.figures().get(WebhookBench.RSS_AFTER))
                .findFirst()
                .map(rss -> new Reading("%.0f MB".formatted(rss), rss <= 90));
    }

    private static Goal cpu(String sentence, String work, String peer, int which, double limit) {
        return goal(
                sentence, r -> Goals.atMost(r, work, SATURATED, peer, Results.cpu(which), limit));
    }

    private static Goal goal(String sentence, Function<Results, Optional<Reading>> measure) {
        return new Goal(5, "webhook", sentence, measure);
    }
}
