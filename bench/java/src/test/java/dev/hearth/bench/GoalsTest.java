package dev.hearth.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoalsTest {
    @TempDir Path folder;

    @Test
    void nothing_is_reached_where_nothing_was_measured() throws IOException {
        assertThat(Goals.table(folder).lines().skip(2))
                .hasSize(Goals.all().size())
                .allMatch(row -> row.endsWith("| — | not measured |"));
    }

    @Test
    void each_issue_with_targets_has_rows_and_no_sentence_stands_twice() {
        assertThat(Goals.all()).extracting(Goal::issue).contains(3, 4, 5, 6, 7, 8, 9);
        assertThat(Goals.all()).extracting(Goal::sentence).doesNotHaveDuplicates();
    }

    @Test
    void a_suite_without_a_peer_leaves_its_targets_open() throws IOException {
        Figures.of(
                        "engine",
                        Figures.window(
                                "hearth", EngineBench.WORK, EngineBench.SATURATED, 1, 9, 80_000),
                        Figures.window(
                                "libfcgi", EngineBench.WORK, EngineBench.SATURATED, 1, 10, 70_000))
                .write(folder);
        String table = Goals.table(folder);
        assertThat(table)
                .contains("| 3 | saturated: CPU ≤ 1.0 × C on libfcgi | 0.90 × | yes |")
                .contains("| 3 | saturated: CPU ≤ 0.4 × PHP-FPM | — | not measured |");
    }

    @Test
    void both_sides_of_a_limit() throws IOException {
        relay(1200);
        assertThat(Goals.table(folder)).containsPattern(row("1.20 ×", "yes"));
        relay(1201);
        assertThat(Goals.table(folder)).containsPattern(row("1.20 ×", "no"));
    }

    @Test
    void a_window_without_an_answer_reaches_nothing() throws IOException {
        relay(0, 0);
        assertThat(Goals.table(folder)).containsPattern(row("—", "not measured"));
    }

    private static Pattern row(String measured, String reached) {
        return Pattern.compile(
                "relay to the warm worker[^|]*\\| " + measured + " \\| " + reached + " \\|");
    }

    private void relay(double micros) throws IOException {
        relay(micros, 500);
    }

    private void relay(double micros, double perSecond) throws IOException {
        String work = EngineBench.WORK;
        Figures.of(
                        CgiGoals.SUITE,
                        Figures.window(
                                CgiGoals.HEARTH_RELAY, work, CgiGoals.ONE, 1, micros, perSecond),
                        Figures.window(CgiGoals.RUST, work, CgiGoals.ONE, 1, 1000, 600))
                .write(folder);
    }

    @Test
    void memory_after_many_webhooks_is_told_only_where_there_were_so_many() throws IOException {
        String target = "RSS ≤ 90 MB after 100,000 webhooks, default heap";
        stored(99_999);
        assertThat(Goals.table(folder)).contains(target + " | — | not measured |");
        stored(100_000);
        assertThat(Goals.table(folder)).contains(target + " | 85 MB | yes |");
    }

    private void stored(double answers) throws IOException {
        Map<String, Double> figures =
                Map.of(WebhookBench.ANSWERS, answers, WebhookBench.RSS_AFTER, 85.0);
        Figures.of("webhook", Figures.figures(Goals.SUBJECT, WebhookBench.SQLITE, figures))
                .write(folder);
    }
}
