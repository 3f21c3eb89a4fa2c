package dev.hearth.gateway;

import dev.hearth.http.AddressRange;
import java.time.Duration;
import java.util.List;

/// What the HTTP gateway takes, and from whom.
///
/// | limit | default | answer beyond it |
/// |---|---|---|
/// | `bodyBytes` | 20 MiB | 413 |
/// | `headerBytes`: request line and headers | 16 KiB | 431 |
/// | `requestsAtOnce` | 64 | waits up to `queueTime`, then 503 with `Retry-After` |
/// | `queueTime` | 2 s | |
/// | `idleTime`: no byte moves | 30 s | 408 inside a request, else the connection is closed |
/// | `drainTime`: on close, for requests in progress | 20 s | 503 if the handler heeds an interrupt, else the connection is cut |
///
/// `trustedProxies` are the addresses whose `X-Forwarded-For`, `-Proto` and `-Host` are believed; none by
/// default, since anyone can send them.
public record HttpLimits(
        long bodyBytes,
        int headerBytes,
        int requestsAtOnce,
        Duration queueTime,
        Duration idleTime,
        Duration drainTime,
        List<AddressRange> trustedProxies) {

    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    20L << 20,
                    16 << 10,
                    64,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(20),
                    List.of());

    public HttpLimits {
        requirePositive("bodyBytes", bodyBytes);
        requirePositive("headerBytes", headerBytes);
        requirePositive("requestsAtOnce", requestsAtOnce);
        requirePositive("idleTime", idleTime.toMillis());
        trustedProxies = List.copyOf(trustedProxies);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
    }

    public HttpLimits withBodyBytes(long bytes) {
        return new HttpLimits(
                bytes, headerBytes, requestsAtOnce, queueTime, idleTime, drainTime, trustedProxies);
    }

    public HttpLimits withRequestsAtOnce(int requests, Duration queueTime) {
        return new HttpLimits(
                bodyBytes, headerBytes, requests, queueTime, idleTime, drainTime, trustedProxies);
    }

    public HttpLimits withTimes(Duration idleTime, Duration drainTime) {
        return new HttpLimits(
                bodyBytes,
                headerBytes,
                requestsAtOnce,
                queueTime,
                idleTime,
                drainTime,
                trustedProxies);
    }

    public HttpLimits withTrustedProxies(List<AddressRange> proxies) {
        return new HttpLimits(
                bodyBytes, headerBytes, requestsAtOnce, queueTime, idleTime, drainTime, proxies);
    }
}
