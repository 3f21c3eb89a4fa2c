package dev.hearth.bench;

import dev.hearth.bench.Results.Middle;
import dev.hearth.bench.Results.Sample;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/// Draws the raw results of a folder: for each suite and work one picture of CPU per request, as PNG and SVG.
public final class Plots {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 500;
    private static final List<Color> COLORS =
            List.of(
                    new Color(0xC4, 0x4E, 0x1C),
                    new Color(0x2B, 0x6C, 0x8F),
                    new Color(0x7A, 0x9E, 0x3C),
                    new Color(0x8A, 0x5A, 0x9E));

    private Plots() {}

    static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        for (String suite : List.of("engine", "front", "webhook")) {
            Path raw = folder.resolve(suite + ".json");
            if (Files.exists(raw)) {
                draw(Results.read(raw), folder);
            }
        }
    }

    private static void draw(Results results, Path folder) throws IOException {
        List<String> works =
                results.samples().stream()
                        .filter(s -> !s.window().cpu().isEmpty())
                        .map(Sample::work)
                        .distinct()
                        .toList();
        for (String work : works) {
            String file = results.suite() + "-" + work.replaceAll("[^A-Za-z0-9]+", "-") + "-cpu";
            save(
                    chart(results, work, "CPU µs per request of the server, median", Report::cpu),
                    folder.resolve(file).toString());
        }
    }

    private static CategoryChart chart(
            Results results, String work, String axis, ToDoubleFunction<Sample> figure) {
        List<String> peers = distinct(results, work, Sample::peer);
        CategoryChart chart =
                new CategoryChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title(results.suite() + ": " + work)
                        .yAxisTitle(axis)
                        .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideS)
                .setPlotContentSize(0.9)
                .setChartBackgroundColor(Color.WHITE)
                .setSeriesColors(COLORS.toArray(Color[]::new));
        for (String load : distinct(results, work, Sample::load)) {
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

    private static List<String> distinct(
            Results results, String work, Function<Sample, String> part) {
        return results.samples().stream()
                .filter(s -> s.work().equals(work) && !s.window().cpu().isEmpty())
                .map(part)
                .distinct()
                .toList();
    }

    private static void save(CategoryChart chart, String file) throws IOException {
        BitmapEncoder.saveBitmap(chart, file, BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsFormat.SVG);
    }
}
