package dev.hearth.bench.load;

import java.util.List;

/// What one measured window showed. Times are microseconds.
///
/// @param answeredInAll the right answers of the whole run, warm-up included
/// @param cpu the server's CPU time per request over this window, 0 where nothing was metered
/// @param lag how late the generator itself began requests, all 0 in a closed loop
/// @param errors at most ten different reasons, each with the number of times in the whole run, warm-up included
public record Window(
        double seconds,
        long requests,
        long failures,
        double perSecond,
        long answeredInAll,
        List<Double> cpu,
        Spread latency,
        Spread lag,
        List<String> errors) {

    /// No load was offered.
    public static final Window NONE =
            new Window(0, 0, 0, 0, 0, List.of(), Spread.NONE, Spread.NONE, List.of());

    /// The points of a distribution of latencies.
    public record Spread(double p50, double p90, double p99, double p999, double max) {
        static final Spread NONE = new Spread(0, 0, 0, 0, 0);
    }
}
