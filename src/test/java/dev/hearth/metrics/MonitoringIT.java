package dev.hearth.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeWebhook;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/monitoring` beside a real process: what the rules and the dashboard ask for is really there.
class MonitoringIT {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Path DEPLOY = Path.of("deploy/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(?:hearth|jvm|process)_[a-z_]+");

    @TempDir Path folder;

    @Test
    void promtool_finds_nothing_wrong_in_the_rules_and_in_the_metrics() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROMTOOL), "prometheus is not installed");
        // The names of the JVM's own metrics are those that Micrometer gives everywhere.
        Path metrics =
                Files.write(
                        folder.resolve("metrics"),
                        scrape().lines().filter(line -> line.contains("hearth_")).toList());

        assertThat(promtool(Path.of("/dev/null"), "check", "rules", rules().toString())).isZero();
        assertThat(promtool(metrics, "check", "metrics", "--extended")).isZero();
        assertThat(promtool(Path.of("/dev/null"), "check", "config", config().toString())).isZero();
    }

    @Test
    void every_metric_that_rules_and_dashboard_ask_for_is_there() throws Exception {
        Set<String> there = names(scrape());
        Set<String> asked = names(Files.readString(rules()));
        asked.addAll(names(Files.readString(DEPLOY.resolve("grafana-dashboard.json"))));

        assertThat(asked).hasSizeGreaterThan(20);
        assertThat(there).containsAll(asked);
    }

    private String scrape() throws Exception {
        try (HearthProcess hearth = HearthProcess.in(folder).start();
                HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    StripeWebhook.request(
                            hearth.uri("/webhooks/stripe"), StripeWebhook.event("evt_1")),
                    BodyHandlers.discarding());
            var answer =
                    http.send(
                            HttpRequest.newBuilder(hearth.uri("/metrics")).build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("route=\"/webhooks/{source}\"", "hearth_inbox_stored_total 1.0")
                    .doesNotContain(HearthProcess.SECRET);
            return answer.body();
        }
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private int promtool(Path input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(PROMTOOL.toString());
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(input.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("promtool.out").toFile())
                        .start();
        int code = process.waitFor();
        System.out.print(Files.readString(folder.resolve("promtool.out")));
        return code;
    }

    private static Path rules() {
        return DEPLOY.resolve("hearth.rules.yml");
    }

    private static Path config() {
        return DEPLOY.resolve("prometheus.yml");
    }
}
