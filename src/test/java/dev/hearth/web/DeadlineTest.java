package dev.hearth.web;

import static dev.hearth.web.Layered.through;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class DeadlineTest {
    @Test
    void a_handler_that_waits_too_long_is_stopped_and_the_thread_is_clean_again() throws Exception {
        Handler waits =
                _ -> {
                    assertThat(new CountDownLatch(1).await(20, TimeUnit.SECONDS)).isTrue();
                    return Response.text("never");
                };
        Response response = through(new Deadline(Duration.ofMillis(30)), waits, Requests.get("/"));
        assertThat(response.status()).isEqualTo(503);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_handler_in_time_knows_how_much_is_left_and_meets_no_late_interrupt() throws Exception {
        Handler asks =
                request -> Response.text(Deadline.remaining(request).orElseThrow().toString());
        assertThat(through(new Deadline(Duration.ofMinutes(1)), asks, Requests.get("/")).status())
                .isEqualTo(200);
        assertThat(Deadline.remaining(Requests.get("/"))).isEmpty();
    }

    @Test
    void a_failure_in_time_stays_what_it_is() {
        Handler fails =
                _ -> {
                    throw Problem.of(403, "no", "No.").refuse();
                };
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() ->
                        new Deadline(Duration.ofMinutes(1)).wrap(fails).handle(Requests.get("/")))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(403));
    }
}
