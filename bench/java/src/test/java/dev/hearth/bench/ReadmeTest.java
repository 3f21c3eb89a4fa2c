package dev.hearth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    @TempDir Path folder;

    @Test
    void only_what_stands_between_the_two_lines_is_replaced() {
        String before =
                "# Title\n\n" + Readme.BEGIN + "\nold\n" + Readme.END + "\n\nMore: something\n";
        String after = Readme.replaced(before, "\nnew\n\n");
        assertThat(after)
                .isEqualTo(
                        "# Title\n\n"
                                + Readme.BEGIN
                                + "\nnew\n"
                                + Readme.END
                                + "\n\nMore: something\n");
        assertThat(Readme.replaced(after, "new")).isEqualTo(after);
    }

    @Test
    void a_readme_without_the_lines_is_left_alone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Readme.replaced("# Title\n" + Readme.END + Readme.BEGIN, "x"));
    }

    @Test
    void rows_without_figures_are_left_out_and_peers_without_one_stay_empty() throws IOException {
        Figures.of(
                        "front",
                        front("hearth", 20.04, 30_000),
                        front("jetty", 70, 9_000),
                        front("jetty-http", 60, 10_000))
                .write(folder);
        assertThat(Readme.figures(folder))
                .contains("on 2 cores of a slow one")
                .contains("| `/hello`, requests/s | 30,000 |  |  | 10,000 |  |\n")
                .contains("| `/hello`, saturated, CPU µs | 20.0 |  |  | 60.0 |  |\n")
                .doesNotContain("JSON", "a process for each request", "![");
    }

    private static Results.Sample front(String peer, double micros, double perSecond) {
        return Figures.window(peer, EngineBench.WORK, FrontBench.SATURATED, 1, micros, perSecond);
    }

    @Test
    void an_empty_folder_tells_that_nothing_was_measured() throws IOException {
        int targets = Goals.all().size();
        assertThat(Readme.figures(folder))
                .endsWith(
                        "Targets: 0 of %d reached, 0 missed, %d not measured: [report](bench/results/%s/report.md).\n"
                                .formatted(targets, targets, folder.getFileName()));
    }
}
