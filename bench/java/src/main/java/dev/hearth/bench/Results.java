package dev.hearth.bench;

import dev.hearth.bench.load.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The raw results of one suite, as they stand in `results/DATE/SUITE.json`.
///
/// @param notes what a reader must know of this run, such as what the rates of the open loop were taken from
/// @param failing peers that could not be built, started, or answered wrongly, with the reason
public record Results(
        String suite,
        String date,
        Map<String, String> machine,
        Map<String, String> versions,
        Map<String, String> commands,
        Map<String, String> failing,
        List<String> notes,
        List<Sample> samples) {

    @SuppressWarnings("ConstantValue") // results of older runs have no notes
    public Results {
        notes = notes == null ? List.of() : List.copyOf(notes);
    }

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// One measured window of one peer.
    ///
    /// @param work what was asked for, for example `hello`
    /// @param load how it was offered, for example `saturated`
    /// @param probeMillis what a fixed piece of work took just before: the machine's noise
    /// @param figures what else was seen, memory in KiB and times in milliseconds
    public record Sample(
            String peer,
            String work,
            String load,
            int round,
            double probeMillis,
            Window window,
            Map<String, Double> figures) {}

    /// A figure beside those of the window; NaN where there is none.
    public static ToDoubleFunction<Sample> figure(String name) {
        return sample -> sample.figures().getOrDefault(name, Double.NaN);
    }

    /// The CPU time per request of the server (0) or of one beside it (1 …); NaN where there is none.
    public static ToDoubleFunction<Sample> cpu(int which) {
        return sample -> {
            List<Double> cpu = sample.window().cpu();
            return which < cpu.size() ? cpu.get(which) : Double.NaN;
        };
    }

    /// The median of several rounds, with the smallest and the largest.
    public record Middle(double median, double smallest, double largest) {

        public static Middle of(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int half = sorted.length / 2;
            double median =
                    sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
            return new Middle(median, sorted[0], sorted[sorted.length - 1]);
        }
    }

    /// The middle of one figure over all rounds, or nothing where the peer has no sample of it. A window without an
    /// answer tells nothing: its latency is not zero, and nor is what a request would have cost.
    public Optional<Middle> middle(
            String peer, String work, String load, ToDoubleFunction<Sample> figure) {
        double[] values =
                samples.stream()
                        .filter(s ->
                                s.peer.equals(peer) && s.work.equals(work) && s.load.equals(load))
                        .filter(s -> s.window.seconds() == 0 || s.window.requests() > 0)
                        .mapToDouble(figure)
                        .filter(Double::isFinite)
                        .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Middle.of(values));
    }

    /// The same samples under other names of peers.
    Results withPeers(Function<Sample, String> name) {
        List<Sample> renamed =
                samples.stream()
                        .map(s ->
                                new Sample(
                                        name.apply(s),
                                        s.work,
                                        s.load,
                                        s.round,
                                        s.probeMillis,
                                        s.window,
                                        s.figures))
                        .toList();
        return new Results(suite, date, machine, versions, commands, failing, notes, renamed);
    }

    public Middle probe() {
        return Middle.of(samples.stream().mapToDouble(Sample::probeMillis).toArray());
    }

    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(suite + ".json"), JSON.writeValueAsString(this) + "\n");
    }

    public static Results read(Path file) throws IOException {
        return JSON.readValue(Files.readString(file), Results.class);
    }
}
