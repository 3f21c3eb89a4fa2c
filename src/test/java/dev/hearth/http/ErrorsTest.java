package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class ErrorsTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Errors.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    private static Response answer(Handler handler, Request request) throws Exception {
        return new Errors().wrap(handler).handle(request);
    }

    @Test
    @SuppressWarnings("NullAway") // what a handler in Java can do all the same
    void null_for_a_response_is_a_bug() throws Exception {
        assertThat(answer(_ -> null, Requests.get("/")).status()).isEqualTo(500);
        assertThat(log.list.getFirst().getThrowableProxy().getMessage())
                .isEqualTo("the handler gave null for a response");
    }

    @Test
    void a_refusal_becomes_its_problem_with_its_headers_and_is_not_logged() throws Exception {
        Response response =
                answer(
                        _ -> {
                            throw Problem.of(429, "too-many", "Wait.").refuse("Retry-After", "7");
                        },
                        Requests.get("/"));
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.headers().first("Content-Type")).contains("application/problem+json");
        assertThat(response.headers().first("Retry-After")).contains("7");
        assertThat(Responses.text(response))
                .isEqualTo(
                        "{\"type\":\"urn:hearth:problem:too-many\",\"title\":\"Too Many Requests\","
                                + "\"status\":429,\"detail\":\"Wait.\"}\n");
        assertThat(log.list).isEmpty();
    }

    @Test
    void a_bug_becomes_500_with_the_id_of_its_one_log_entry_and_nothing_else() throws Exception {
        Request request = Requests.get("/forged\npath");
        request.put(Request.ID, "id-17");
        Response response =
                answer(
                        _ -> {
                            throw new IllegalStateException("secret");
                        },
                        request);
        assertThat(response.status()).isEqualTo(500);
        assertThat(Responses.text(response)).contains("\"id\":\"id-17\"").doesNotContain("secret");
        assertThat(log.list).hasSize(1);
        assertThat(log.list.getFirst().getFormattedMessage())
                .isEqualTo("request id-17 failed: GET /forged\\u000apath"); // T20
        assertThat(log.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("secret");
    }

    @Test
    void a_stack_overflow_is_a_bug_of_one_request_only() throws Exception {
        Response response =
                answer(
                        _ -> {
                            throw new StackOverflowError();
                        },
                        Requests.get("/"));
        assertThat(response.status()).isEqualTo(500);
    }

    @Test
    void a_body_that_breaks_off_passes_through_to_the_gateway() {
        InputStream broken =
                new FilterInputStream(InputStream.nullInputStream()) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        throw new IOException("cut");
                    }
                };
        Request request = Requests.of("POST", "/").body(broken, 5).request();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> answer(r -> Response.text("" + r.bytes(9).length), request))
                .withMessage("cut");
        assertThat(log.list).isEmpty();
    }

    @Test
    void an_io_failure_of_the_handlers_own_is_a_bug() throws Exception {
        Response response =
                answer(
                        _ -> {
                            throw new ConnectException("upstream");
                        },
                        Requests.get("/"));
        assertThat(response.status()).isEqualTo(500);
        assertThat(log.list).hasSize(1);
    }

    @Test
    void an_interrupt_is_kept_and_answered_with_503() throws Exception {
        Response response =
                answer(
                        _ -> {
                            throw new InterruptedException();
                        },
                        Requests.get("/"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(response.status()).isEqualTo(503);
    }
}
