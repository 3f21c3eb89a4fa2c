package dev.hearth.operator;

import dev.hearth.metrics.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A figure with its course over the last minutes. `values` are drawn here, and further by the script.
///
/// @param key the member of a [Moment] that goes on
/// @param format `number`, or `span` for seconds as people say them
record Chart(String key, String title, String unit, String format, List<Double> values) {
    private static final int WIDTH = 240;
    private static final int HEIGHT = 48;
    private static final int SHOWN = 150;
    private static final String SPAN = "span";

    static Chart of(
            String key,
            String title,
            String unit,
            List<Moment> moments,
            ToDoubleFunction<Moment> figure) {
        return new Chart(key, title, unit, "number", values(moments, figure));
    }

    /// A figure in seconds.
    static Chart ofSeconds(
            String key, String title, List<Moment> moments, ToDoubleFunction<Moment> figure) {
        return new Chart(key, title, "", SPAN, values(moments, figure));
    }

    private static List<Double> values(List<Moment> moments, ToDoubleFunction<Moment> figure) {
        return moments.stream().map(figure::applyAsDouble).toList();
    }

    /// The newest value.
    String now() {
        return shown(values.isEmpty() ? 0 : values.getLast());
    }

    /// The largest value.
    String peak() {
        return shown(most());
    }

    private double most() {
        return values.stream().mapToDouble(each -> each).max().orElse(0);
    }

    private String shown(double value) {
        return format.equals(SPAN) ? span((long) value) : text(value);
    }

    /// A number with as many digits as matter.
    static String text(double value) {
        return value == Math.rint(value) || value >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    }

    /// Seconds as people say them: `48 s`, `5 min 10 s`, `14 h 44 min`, `3 d 2 h`.
    static String span(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return "%d min %d s".formatted(minutes, seconds % 60);
        }
        long hours = minutes / 60;
        return hours < 48
                ? "%d h %d min".formatted(hours, minutes % 60)
                : "%d d %d h".formatted(hours / 24, hours % 24);
    }

    /// As an SVG polyline has them; the newest stands at the right end.
    String points() {
        double scale = Math.max(1e-9, most());
        List<String> points = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            double y = HEIGHT - 2 - values.get(i) / scale * (HEIGHT - 4);
            points.add(String.format(Locale.ROOT, "%.1f,%.1f", x(i), y));
        }
        return String.join(" ", points);
    }

    /// As an SVG polygon has what lies below the line.
    String area() {
        return values.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT, "%.1f,%d %s %d,%d", x(0), HEIGHT, points(), WIDTH, HEIGHT);
    }

    private double x(int i) {
        return WIDTH - (values.size() - 1 - i) * (WIDTH / (SHOWN - 1.0));
    }

    String data() {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(String.format(Locale.ROOT, "%.4g", value)));
        return String.join(",", texts);
    }
}
