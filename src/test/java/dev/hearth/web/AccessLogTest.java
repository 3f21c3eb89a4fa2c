package dev.hearth.web;

import static dev.hearth.web.Layered.through;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
final class AccessLogTest {
    private final List<String> lines = new ArrayList<>();
    private final Clock clock =
            Clock.fixed(Instant.parse("2026-11-21T09:30:00.070Z"), ZoneOffset.UTC);

    private Request hostile() {
        return Requests.of("GET", "/a\n\u001b[2Jb\"c\\?token=secret")
                .with("User-Agent", "curl\"\u0085x")
                .with("Authorization", "Bearer secret")
                .request();
    }

    @Test
    void a_line_of_json_tells_what_happened_and_cannot_be_forged() throws Exception { // T20
        through(AccessLog.json(lines::add, clock), hostile());
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst().replaceAll("\"micros\":\\d+", "\"micros\":0"))
                .isEqualTo(
                        "{\"time\":\"2026-11-21T09:30:00.070Z\",\"client\":\"192.0.2.1\",\"method\":\"GET\",\"path\":\"/a\\u000a\\u001b[2Jb\\u0022c\\u005c\",\"agent\":\"curl\\u0022\\u0085x\",\"status\":200,\"bytes\":2,\"micros\":0}");
    }

    @Test
    void the_combined_format_is_what_log_readers_know() throws Exception {
        through(AccessLog.combined(lines::add, clock), hostile());
        assertThat(lines)
                .containsExactly(
                        "192.0.2.1 - - [21/Nov/2026:09:30:00 +0000] \"GET /a\\u000a\\u001b[2Jb\\u0022c\\u005c HTTP/1.1\" 200 2 \"-\" \"curl\\u0022\\u0085x\"");
    }

    @Test
    void a_pattern_of_ones_own_has_the_letters_of_php_fpm_and_cannot_be_forged() throws Exception {
        String pattern =
                "%R - %u %t \"%m %r\" %s %f %{Content-Length}o %{X-None}o %{HTTP_USER_AGENT}e %l 100%%";
        through(AccessLog.pattern(pattern, lines::add, clock), hostile());
        assertThat(lines)
                .containsExactly(
                        "192.0.2.1 - - 21/Nov/2026:09:30:00 +0000 \"GET /a\\u000a\\u001b[2Jb\\u0022c\\u005c\" 200 - 2 - curl\\u0022\\u0085x 0 100%");
    }

    @Test
    void a_time_is_told_in_the_unit_that_is_asked_for() throws Exception {
        through(AccessLog.pattern("%d %{milli}d %{micro}d", lines::add, clock), Requests.get("/x"));
        assertThat(lines.getFirst()).matches("\\d+\\.\\d{3} \\d+ \\d+");
    }

    @ParameterizedTest
    @CsvSource({
        "%C,                    %C means nothing here",
        "%q,                    the query",
        "%{HTTP_COOKIE}e,       may hold secrets",
        "%{http_authorization}e,may hold secrets",
        "%{REQUEST_URI}e,       may hold secrets",
        "%{Set-Cookie}o,        may hold secrets",
        "%{hours}d,             not in \"hours\"",
        "%{x}s,                 takes nothing in braces",
        "%e,                    wants a name",
        "%{HTTP_HOST,           there is no }",
        "100%,                  ends with a percent sign",
    })
    void a_pattern_that_cannot_be_read_is_refused_with_the_reason(String pattern, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccessLog.pattern(pattern))
                .withMessageContaining(reason);
    }

    @Test
    void a_failure_is_logged_too() throws Exception {
        Handler fails =
                _ -> {
                    throw Problem.of(403, "no", "No.").refuse();
                };
        Middleware both =
                next -> AccessLog.combined(lines::add, clock).wrap(new Errors().wrap(next));
        through(both, fails, Requests.get("/x"));
        assertThat(lines.getFirst()).contains("\"GET /x HTTP/1.1\" 403 ");
    }
}
