package dev.hearth.web;

import static dev.hearth.web.Layered.OK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Errors;
import dev.hearth.http.Handler;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class RateLimitTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Handler limited =
            RateLimit.of(2, Duration.ofSeconds(10))
                    .with(
                            new TimeMeter() {
                                @Override
                                public long currentTimeNanos() {
                                    return nanos.get();
                                }

                                @Override
                                public boolean isWallClockBased() {
                                    return false;
                                }
                            })
                    .wrap(OK);

    private Response from(String address) throws Exception {
        return Errors.answer(limited, Requests.of("GET", "/").from(address).request());
    }

    @Test
    void each_client_has_its_own_bucket_which_fills_again_with_time() throws Exception {
        assertThat(from("192.0.2.1").status()).isEqualTo(200);
        assertThat(from("192.0.2.1").status()).isEqualTo(200);
        Response refused = from("192.0.2.1");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers().first("Retry-After")).contains("5");
        assertThat(from("192.0.2.2").status()).isEqualTo(200);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(from("192.0.2.1").status()).isEqualTo(200);
        assertThat(from("192.0.2.1").status()).isEqualTo(429);
    }

    @Test
    void addresses_of_one_ipv6_network_are_one_client() throws Exception {
        from("2001:db8::1");
        from("2001:db8::2");
        assertThat(from("2001:db8::3").status()).isEqualTo(429);
        assertThat(from("2001:db8:0:1::1").status()).isEqualTo(200);
    }
}
