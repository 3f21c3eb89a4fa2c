package dev.hearth.bench;

import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.load.Window;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Raw results that JMH wrote, in the form of the other suites: a benchmark is the work, its parameters are the load.
final class JmhResults {

    static final String SUITE = "inner";
    static final String NANOSECONDS = "ns";
    static final String ALLOCATED = "bytes allocated";

    private JmhResults() {}

    static Results read(Path file) throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (JsonNode run : JsonMapper.builder().build().readTree(Files.readString(file))) {
            String name = run.path("benchmark").asString("");
            int dot = name.lastIndexOf('.', name.lastIndexOf('.') - 1);
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(NANOSECONDS, run.path("primaryMetric").path("score").asDouble(0));
            JsonNode allocated = run.path("secondaryMetrics").path("gc.alloc.rate.norm");
            figures.put(ALLOCATED, allocated.path("score").asDouble(Double.NaN));
            samples.add(
                    new Sample(
                            Goals.SUBJECT,
                            name.substring(dot + 1),
                            load(run.path("params")),
                            1,
                            0,
                            Window.NONE,
                            figures));
        }
        return new Results(SUITE, "", Map.of(), Map.of(), Map.of(), Map.of(), List.of(), samples);
    }

    private static String load(JsonNode parameters) {
        return parameters.properties().stream()
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue().asString(""))
                .collect(Collectors.joining(","));
    }
}
