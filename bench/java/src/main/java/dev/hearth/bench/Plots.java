package dev.hearth.bench;

import dev.hearth.bench.Results.Middle;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.host.MemoryWatch;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;

/// Draws the raw results of a folder as PNG and SVG: for each suite and work CPU per request and, where it was saturated,
/// requests per second; for the soak its course over time.
public final class Plots {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 500;
    private static final List<String> SUITES =
            List.of("engine", "front", "apache", "webhook", "payment", "workers", "cores", "cgi");
    private static final Color[] COLORS = {
        new Color(0xC4, 0x4E, 0x1C),
        new Color(0x2B, 0x6C, 0x8F),
        new Color(0x7A, 0x9E, 0x3C),
        new Color(0x8A, 0x5A, 0x9E),
        new Color(0xD0, 0x9A, 0x2C),
        new Color(0x55, 0x55, 0x55)
    };

    private Plots() {}

    static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        for (String suite : SUITES) {
            Path raw = folder.resolve(suite + ".json");
            if (Files.exists(raw)) {
                bars(Results.read(raw), folder);
            }
        }
        Path front = folder.resolve("front.json");
        if (Files.exists(front)) {
            overview(Results.read(front), folder);
        }
        Path soak = folder.resolve("soak.json");
        if (Files.exists(soak)) {
            Results results = Results.read(soak);
            ToDoubleFunction<Sample> rss = Results.figure(MemoryWatch.PEAK);
            course(results, folder, "rss", "RSS MB", s -> rss.applyAsDouble(s) / 1024);
            course(results, folder, "p99", "p99 µs", s -> s.window().latency().p99());
        }
    }

    private static void bars(Results results, Path folder) throws IOException {
        for (String work : distinct(results, s -> true, Sample::work)) {
            List<String> loads = distinct(results, s -> s.work().equals(work), Sample::load);
            String name = results.suite() + "-" + work.replaceAll("[^A-Za-z0-9]+", "-");
            String cpu = "CPU µs per request of the server, median";
            save(chart(results, work, loads, cpu, Results.cpu(0)), folder, name + "-cpu");
            List<String> saturated =
                    loads.stream().filter(load -> load.startsWith("saturated")).toList();
            if (!saturated.isEmpty()) {
                ToDoubleFunction<Sample> rate = s -> s.window().perSecond();
                save(
                        chart(results, work, saturated, "requests/s, median", rate),
                        folder,
                        name + "-rate");
            }
        }
    }

    /// The picture of the README: what a user would pick, at the loads that a small server has.
    private static void overview(Results results, Path folder) throws IOException {
        List<String> those =
                List.of(Goals.SUBJECT, "libfcgi", "php-fpm", "jetty-http", "go", "go-http");
        List<String> peers = distinct(results, s -> those.contains(s.peer()), Sample::peer);
        List<String> measured = distinct(results, s -> true, Sample::load);
        List<String> loads =
                Stream.of(FrontBench.SATURATED, FrontBench.open(40), FrontBench.open(10))
                        .filter(measured::contains)
                        .toList();
        String axis = "CPU µs per request, median";
        String title = "GET /hello behind nginx";
        ToDoubleFunction<Sample> cpu = Results.cpu(0);
        save(
                chart(results, title, EngineBench.WORK, peers, loads, axis, cpu),
                folder,
                Readme.PICTURE);
    }

    private static CategoryChart chart(
            Results results,
            String work,
            List<String> loads,
            String axis,
            ToDoubleFunction<Sample> figure) {
        List<String> peers = distinct(results, s -> s.work().equals(work), Sample::peer);
        String title = results.suite() + ": " + work;
        return chart(results, title, work, peers, loads, axis, figure);
    }

    private static CategoryChart chart(
            Results results,
            String title,
            String work,
            List<String> peers,
            List<String> loads,
            String axis,
            ToDoubleFunction<Sample> figure) {
        CategoryChart chart =
                new CategoryChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title(title)
                        .yAxisTitle(axis)
                        .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideS)
                .setPlotContentSize(0.9)
                .setChartBackgroundColor(Color.WHITE)
                .setSeriesColors(COLORS);
        chart.getStyler().setXAxisLabelRotation(peers.size() > 6 ? 30 : 0);
        for (String load : loads) {
            List<Double> medians = new ArrayList<>();
            List<Double> spreads = new ArrayList<>();
            for (String peer : peers) {
                Optional<Middle> middle = results.middle(peer, work, load, figure);
                medians.add(middle.map(Middle::median).orElse(0.0));
                spreads.add(middle.map(m -> (m.largest() - m.smallest()) / 2).orElse(0.0));
            }
            chart.addSeries(load, peers, medians, spreads);
        }
        return chart;
    }

    private static void course(
            Results results, Path folder, String name, String axis, ToDoubleFunction<Sample> figure)
            throws IOException {
        XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title("soak")
                        .xAxisTitle("minute")
                        .yAxisTitle(axis)
                        .build();
        XYStyler styler = chart.getStyler();
        styler.setLegendPosition(LegendPosition.OutsideS).setChartBackgroundColor(Color.WHITE);
        styler.setSeriesColors(COLORS);
        styler.setYAxisMin(0.0);
        for (String peer : distinct(results, s -> true, Sample::peer)) {
            List<Sample> samples =
                    results.samples().stream().filter(s -> s.peer().equals(peer)).toList();
            double[] minutes = samples.stream().mapToDouble(Sample::round).toArray();
            chart.addSeries(peer, minutes, samples.stream().mapToDouble(figure).toArray());
        }
        save(chart, folder, "soak-" + name);
    }

    private static List<String> distinct(
            Results results, Predicate<Sample> which, Function<Sample, String> part) {
        return results.samples().stream()
                .filter(s -> !s.window().cpu().isEmpty())
                .filter(which)
                .map(part)
                .distinct()
                .toList();
    }

    private static void save(Chart<?, ?> chart, Path folder, String name) throws IOException {
        String file = folder.resolve(name).toString();
        BitmapEncoder.saveBitmap(chart, file, BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsFormat.SVG);
    }
}
