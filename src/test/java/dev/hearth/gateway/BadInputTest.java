package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.gateway.BadInput.Way;
import dev.hearth.http.Handler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each kind of bad input, by each way into a whole site: a problem that says what to change, never a 500, never a
/// stack trace.
@Timeout(180)
final class BadInputTest {
    @TempDir static Path folder;
    private static final Pattern TYPE =
            Pattern.compile("\"type\":\"urn:hearth:problem:([a-z-]+)\"");
    private static final Map<Way, BadInputFront> FRONTS = new EnumMap<>(Way.class);

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("ten.txt"), "0123456789");
        Handler site = BadInputSite.of(folder);
        for (Way way : Way.values()) {
            FRONTS.put(way, BadInputFront.of(way, site, folder));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        for (BadInputFront front : FRONTS.values()) {
            front.close();
        }
    }

    static Stream<Arguments> everyKindByEveryWay() {
        return BadInput.all()
                .flatMap(input ->
                        Arrays.stream(Way.values())
                                .filter(way -> input.status(way).isPresent())
                                .map(way -> Arguments.of(input.kind(), way, input)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyKindByEveryWay")
    void bad_input_is_told_what_to_change(String kind, Way way, BadInput input) throws IOException {
        String status = Integer.toString(input.status(way).orElseThrow());
        String answer = FRONTS.get(way).ask(input);
        assertThat(answer.substring(0, Math.min(answer.length(), 16)))
                .as(kind)
                .contains(" " + status + " ");
        assertThat(answer)
                .contains(
                        "application/problem+json",
                        "\"type\":\"urn:hearth:problem:",
                        "\"detail\":\"")
                .doesNotContain("Exception", "\tat ", "jetty", "dev.hearth");
    }

    static Stream<BadInput> everyKindWithAStatusOfItsOwn() {
        // Many things are a 400; of some Jetty says no more than that.
        return BadInput.all().filter(input -> !input.statuses().containsValue(400));
    }

    @ParameterizedTest
    @MethodSource("everyKindWithAStatusOfItsOwn")
    void a_refusal_has_one_type_by_every_way(BadInput input) throws IOException {
        Map<Integer, Set<String>> types = new TreeMap<>();
        for (Way way : input.statuses().keySet()) {
            Matcher type = TYPE.matcher(FRONTS.get(way).ask(input));
            assertThat(type.find()).as("%s, %s", input.kind(), way).isTrue();
            types.computeIfAbsent(input.status(way).orElseThrow(), _ -> new TreeSet<>())
                    .add(type.group(1));
        }
        assertThat(types.values()).as(input.kind()).allMatch(each -> each.size() == 1);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_good_body_cut_anywhere_is_refused_and_the_whole_is_not(Way way) throws IOException {
        for (BadInput cut : BadInput.cuts().toList()) {
            assertThat(FRONTS.get(way).ask(cut))
                    .as("%s cut behind %d bytes", cut.kind(), cut.body().length())
                    .matches("(?s)(HTTP/1.1|Status:) 4[0-9]{2} .*")
                    .contains("application/problem+json")
                    .doesNotContain("Exception", "\tat ");
        }
        assertThat(FRONTS.get(way).ask(BadInput.good()))
                .contains(" 201 Created\r\n", "X-Request-Id: ")
                .endsWith("{\"cake\":\"Sacher\",\"quantity\":12}");
    }
}
