package dev.hearth.bench;

import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.load.Window;
import java.util.List;
import java.util.Map;

/// Results that nobody measured.
final class Figures {

    private Figures() {}

    static Results of(String suite, Sample... samples) {
        return new Results(
                suite,
                "2026-01-01T00:00:00Z",
                Map.of("processor", "a slow one", "cores", "2"),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(samples));
    }

    /// One window of 1 s.
    static Sample window(
            String peer, String work, String load, int round, double cpuMicros, double perSecond) {
        Window.Spread latency = new Window.Spread(100, 200, 300, 400, 500);
        Window window =
                new Window(
                        1,
                        (long) perSecond,
                        0,
                        perSecond,
                        (long) perSecond,
                        List.of(cpuMicros, 1.0, 1.0),
                        latency,
                        new Window.Spread(0, 0, 0, 0, 0),
                        List.of());
        return new Sample(peer, work, load, round, 70, window, Map.of());
    }

    /// Figures that are no window.
    static Sample figures(String peer, String work, Map<String, Double> figures) {
        return new Sample(peer, work, "", 1, 70, Window.NONE, figures);
    }
}
