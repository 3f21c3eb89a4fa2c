package dev.hearth.operator;

import dev.hearth.metrics.Moment;
import dev.hearth.webhook.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// How many commits of the inbox held how many events, over the moments that are shown.
record CommitSizes(List<Bar> bars, String data) {

    /// One range of sizes, drawn in a box of 100 units' height.
    ///
    /// @param events the sizes of the commits, such as `3–4`
    record Bar(String events, String commits, double share) {
        String height() {
            return String.format(Locale.ROOT, "%.1f", share * 100);
        }

        String top() {
            return String.format(Locale.ROOT, "%.1f", 100 - share * 100);
        }
    }

    static CommitSizes of(List<Moment> moments) {
        List<Integer> bounds = Counters.commitBounds();
        long[] sums = new long[bounds.size() + 1];
        for (Moment moment : moments) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += moment.batches().get(i);
            }
        }
        long most = 1;
        for (long sum : sums) {
            most = Math.max(most, sum);
        }
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            bars.add(
                    new Bar(
                            range(bounds, i),
                            Chart.text((double) sums[i]),
                            (double) sums[i] / most));
        }
        // As JSON, for the script: a list for each moment.
        String data =
                moments.stream()
                        .map(moment -> moment.batches().toString())
                        .collect(Collectors.joining(",", "[", "]"));
        return new CommitSizes(bars, data);
    }

    private static String range(List<Integer> bounds, int i) {
        if (i == bounds.size()) {
            return "more";
        }
        int least = i == 0 ? 1 : bounds.get(i - 1) + 1;
        return least == bounds.get(i) ? String.valueOf(least) : least + "–" + bounds.get(i);
    }
}
