package dev.hearth.web;

import static dev.hearth.web.Layered.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class ConcurrencyLimitTest {
    @Test
    void one_more_than_the_limit_is_told_503_and_the_place_is_free_again_afterwards()
            throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Handler slow =
                _ -> {
                    inside.countDown();
                    assertThat(free.await(20, TimeUnit.SECONDS)).isTrue();
                    return Response.text("ok");
                };
        Handler limited = new ConcurrencyLimit(1, Duration.ZERO).wrap(slow);
        CompletableFuture<Integer> first =
                CompletableFuture.supplyAsync(() -> status(limited, Requests.get("/")));
        assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
        Response second = Errors.answer(limited, Requests.get("/"));
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.headers().first("Retry-After")).contains("1");
        free.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(status(limited, Requests.get("/"))).isEqualTo(200);
    }
}
