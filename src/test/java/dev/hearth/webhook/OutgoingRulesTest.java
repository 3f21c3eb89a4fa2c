package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.storage.TestClock;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// To whom and when nothing is sent.
class OutgoingRulesTest {
    private static final Secret SECRET = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));

    @Test
    void the_breaker_doubles_its_pause_each_time_the_trial_fails() {
        CircuitBreaker breaker = new CircuitBreaker();
        Instant now = clock.instant();
        for (int i = 0; i < CircuitBreaker.FAILURES; i++) {
            assertThat(breaker.permits(now, 4)).isEqualTo(4);
            breaker.failed(now);
        }
        breaker.sending(now);
        breaker.failed(now); // let through before: no trial, so the pause stays what it is
        assertThat(breaker.permits(now.plusSeconds(59), 4)).isZero();
        now = now.plusSeconds(60);
        assertThat(breaker.permits(now, 4)).isOne();
        breaker.sending(now);
        assertThat(breaker.permits(now, 4)).isZero();
        breaker.failed(now);
        assertThat(breaker.permits(now.plusSeconds(119), 4)).isZero();
        assertThat(breaker.permits(now.plusSeconds(120), 4)).isOne();
        breaker.sending(now.plusSeconds(120));
        breaker.succeeded();
        assertThat(breaker.permits(now, 4)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "224.0.0.1",
                "198.18.0.1",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:db8::1",
                "fec0::1",
                "::ffff:0:7f00:1",
                "100::1",
                "3fff::1",
                "4000::1"
            })
    void an_address_that_is_not_public_is_refused(String literal) throws Exception {
        assertThat(PublicAddress.isPublic(InetAddress.getByName(literal))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "172.15.255.255",
                "172.32.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "64:ff9b::101:101",
                "2002:101:101::"
            })
    void a_public_address_is_accepted(String literal) throws Exception {
        assertThat(PublicAddress.isPublic(InetAddress.getByName(literal))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.example/",
                "ftp://shop.example/",
                "https:///path",
                "https://user:password@shop.example/",
                "mailto:a@shop.example",
                "https://shop.example:65536/"
            })
    void a_url_that_is_not_safe_to_send_to_is_refused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint("a", URI.create(url), List.of(SECRET), false));
    }
}
