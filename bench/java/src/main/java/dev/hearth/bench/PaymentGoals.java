package dev.hearth.bench;

import dev.hearth.bench.Goal.Reading;
import dev.hearth.bench.Results.Sample;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What payments must reach.
final class PaymentGoals {

    private static final double CPU_LIMIT = 150;

    private PaymentGoals() {}

    static List<Goal> all() {
        return List.of(
                goal(
                        "an intent adds ≤ 150 µs of our CPU to the stand-in's answer",
                        PaymentGoals::cpu),
                goal(
                        "200 callers, Stripe takes 300 ms: throughput within 5 % of callers ÷ 300"
                                + " ms",
                        PaymentGoals::throughput),
                goal(
                        "200 callers: no more threads after than before",
                        r ->
                                difference(
                                                r,
                                                PaymentBench.THREADS_BEFORE,
                                                PaymentBench.THREADS_AFTER)
                                        .map(more ->
                                                new Reading(
                                                        "%+.0f threads".formatted(more),
                                                        more <= 2))),
                goal("200 callers: p50 of `/hello` within 20 %", PaymentGoals::hello));
    }

    private static Optional<Reading> cpu(Results results) {
        return Goals.median(
                        results,
                        Goals.SUBJECT,
                        PaymentBench.WORK,
                        PaymentBench.SATURATED,
                        Results.cpu(0))
                .map(micros -> new Reading("%.0f µs".formatted(micros), micros <= CPU_LIMIT));
    }

    private static Optional<Reading> throughput(Results results) {
        double ideal = PaymentBench.CALLERS * 1000.0 / PaymentBench.STRIPE_MILLIS;
        return Goals.median(
                        results,
                        Goals.SUBJECT,
                        PaymentBench.WORK,
                        PaymentBench.SLOW_STRIPE,
                        s -> s.window().perSecond())
                .map(rate ->
                        new Reading(
                                "%.0f/s of %.0f/s".formatted(rate, ideal),
                                Math.abs(rate / ideal - 1) <= 0.05));
    }

    private static Optional<Reading> hello(Results results) {
        ToDoubleFunction<Sample> p50 = s -> s.window().latency().p50();
        Optional<Double> alone =
                Goals.median(results, Goals.SUBJECT, EngineBench.WORK, PaymentBench.QUIET, p50);
        return Goals.median(results, Goals.SUBJECT, EngineBench.WORK, PaymentBench.BESIDE, p50)
                .flatMap(beside -> alone.map(a -> beside / a))
                .map(ratio -> new Reading("%.2f ×".formatted(ratio), Math.abs(ratio - 1) <= 0.2));
    }

    private static Optional<Double> difference(Results results, String from, String to) {
        Optional<Double> before = figure(results, from);
        return figure(results, to).flatMap(after -> before.map(b -> after - b));
    }

    private static Optional<Double> figure(Results results, String name) {
        return Goals.median(results, Goals.SUBJECT, PaymentBench.WORK, "", Results.figure(name));
    }

    private static Goal goal(String sentence, Function<Results, Optional<Reading>> measure) {
        return new Goal(6, "payment", sentence, measure);
    }
}
