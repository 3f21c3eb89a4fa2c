package dev.hearth.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.bench.Compare.Ratio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
    private static final String WORK = EngineBench.WORK;
    private static final String LOAD = EngineBench.SATURATED;

    @TempDir Path folder;

    private Path older;
    private Path newer;

    @BeforeEach
    void folders() throws IOException {
        older = Files.createDirectory(folder.resolve("older"));
        newer = Files.createDirectory(folder.resolve("newer"));
    }

    private static Results engine(double hearthMicros, double hearthPerSecond, double factor) {
        return Figures.of(
                "engine",
                Figures.window("hearth", WORK, LOAD, 1, hearthMicros, hearthPerSecond),
                Figures.window("php-fpm", WORK, LOAD, 1, 50 * factor, 20_000 / factor));
    }

    private List<Ratio> compared(Results then, Results now) throws IOException {
        then.write(older);
        now.write(newer);
        return Compare.ratios(older, newer);
    }

    @Test
    void the_same_figures_pass() throws IOException {
        List<Ratio> ratios = compared(engine(10, 80_000, 1), engine(10, 80_000, 1));
        assertThat(ratios).extracting(Ratio::now).containsExactly(0.2, 0.25);
        assertThat(Compare.exitCode(ratios)).isZero();
    }

    @Test
    void a_slower_machine_does_not_count() throws IOException {
        List<Ratio> ratios = compared(engine(10, 80_000, 1), engine(30, 80_000 / 3.0, 3));
        assertThat(ratios).noneMatch(Ratio::isWorse);
        assertThat(Compare.exitCode(ratios)).isZero();
    }

    @Test
    void more_cpu_than_fifteen_percent_fails_and_a_little_less_passes() throws IOException {
        List<Ratio> worse = compared(engine(10, 80_000, 1), engine(11.6, 80_000, 1));
        assertThat(worse)
                .filteredOn(Ratio::isWorse)
                .extracting(Ratio::what)
                .containsExactly("hello: CPU per request, " + LOAD + ", hearth to php-fpm");
        assertThat(Compare.exitCode(worse)).isEqualTo(1);
        assertThat(Compare.exitCode(compared(engine(10, 80_000, 1), engine(11.4, 80_000, 1))))
                .isZero();
    }

    @Test
    void fewer_requests_per_second_than_fifteen_percent_fail() throws IOException {
        List<Ratio> worse = compared(engine(10, 80_000, 1), engine(10, 69_000, 1));
        assertThat(worse)
                .filteredOn(Ratio::isWorse)
                .extracting(Ratio::what)
                .containsExactly("hello: time per request, " + LOAD + ", hearth to php-fpm");
    }

    @Test
    void one_bad_round_of_three_does_not_count() throws IOException {
        Results now =
                Figures.of(
                        "engine",
                        Figures.window("hearth", WORK, LOAD, 1, 10, 80_000),
                        Figures.window("hearth", WORK, LOAD, 2, 40, 20_000),
                        Figures.window("hearth", WORK, LOAD, 3, 10, 80_000),
                        Figures.window("php-fpm", WORK, LOAD, 1, 50, 20_000));
        assertThat(Compare.exitCode(compared(engine(10, 80_000, 1), now))).isZero();
    }

    @Test
    void programs_for_each_request_have_subjects_of_their_own() throws IOException {
        Results then = cgi(40_000);
        Results now = cgi(60_000);
        assertThat(compared(then, now))
                .filteredOn(Ratio::isWorse)
                .extracting(Ratio::what)
                .containsExactly(
                        CgiGoals.WEBHOOK
                                + ": CPU per request, 1 connection, hearth-cgi-aot to php-cgi");
    }

    private static Results cgi(double micros) {
        return Figures.of(
                CgiGoals.SUITE,
                Figures.window(CgiGoals.HEARTH_AOT, CgiGoals.WEBHOOK, CgiGoals.ONE, 1, micros, 20),
                Figures.window(CgiGoals.HEARTH_RELAY, CgiGoals.WEBHOOK, CgiGoals.ONE, 1, 2000, 500),
                Figures.window(CgiGoals.PHP, CgiGoals.WEBHOOK, CgiGoals.ONE, 1, 20_000, 50));
    }

    @Test
    void folders_that_share_no_suite_are_no_success() throws IOException {
        engine(10, 80_000, 1).write(older);
        cgi(40_000).write(newer);
        assertThat(Compare.exitCode(Compare.ratios(older, newer))).isEqualTo(2);
    }
}
