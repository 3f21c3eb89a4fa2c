package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Lets each client make so many requests in a period, at first all at once, then as they come back over time.
/// Beyond that 429 with `Retry-After`.
///
/// A client is an IPv4 address or an IPv6 /64 (what one customer of a provider has); [#by] takes another key,
/// such as the API key. At most 100,000 clients are remembered; the one longest unseen is forgotten first.
public final class RateLimit implements Middleware {
    private static final int MOST_CLIENTS = 100_000;

    private final long requests;
    private final Duration period;
    private final Function<Request, String> key;
    private final TimeMeter clock;
    private final Map<String, Bucket> buckets; // guarded by itself

    private RateLimit(
            long requests, Duration period, Function<Request, String> key, TimeMeter clock) {
        this.requests = requests;
        this.period = period;
        this.key = key;
        this.clock = clock;
        this.buckets =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                        return size() > MOST_CLIENTS;
                    }
                };
    }

    /// So many requests per period for each client.
    public static RateLimit of(long requests, Duration period) {
        return new RateLimit(requests, period, RateLimit::network, TimeMeter.SYSTEM_NANOTIME);
    }

    /// The same, told apart by another key than the address.
    public RateLimit by(Function<Request, String> other) {
        return new RateLimit(requests, period, other, clock);
    }

    RateLimit with(TimeMeter other) {
        return new RateLimit(requests, period, key, other);
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            ConsumptionProbe probe = bucket(key.apply(request)).tryConsumeAndReturnRemaining(1);
            if (!probe.isConsumed()) {
                long seconds =
                        Duration.ofNanos(probe.getNanosToWaitForRefill())
                                .plusMillis(999)
                                .toSeconds();
                throw Problem.of(
                                429,
                                "too-many-requests",
                                "At most %d requests in %d s. Wait %d s."
                                        .formatted(requests, period.toSeconds(), seconds))
                        .refuse("Retry-After", String.valueOf(Math.max(1, seconds)));
            }
            return next.handle(request);
        };
    }

    private Bucket bucket(String client) {
        synchronized (buckets) {
            return buckets.computeIfAbsent(client, _ -> newBucket());
        }
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(requests).refillGreedy(requests, period))
                .withCustomTimePrecision(clock)
                .build();
    }

    private static String network(Request request) {
        String address = request.remoteAddress();
        if (address.indexOf(':') < 0 || address.equals("unix:")) {
            return address;
        }
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(8, bytes.length)));
    }
}
