package dev.hearth.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers the stand-in's events in order, signed as Stripe signs them, and again until each is accepted.
final class Webhooks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final StripeApi api;
    private final URI target;
    private final String secret;
    private final InstantSource clock;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final Thread thread;
    private volatile boolean closing;

    private Webhooks(StripeApi api, URI target, String secret, InstantSource clock) {
        this.api = api;
        this.target = target;
        this.secret = secret;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("sandbox-webhooks").unstarted(this::run);
    }

    static Webhooks start(StripeApi api, URI target, String secret, InstantSource clock) {
        Webhooks webhooks = new Webhooks(api, target, secret, clock);
        webhooks.thread.start();
        return webhooks;
    }

    private void run() {
        int delivered = 0;
        while (!closing) {
            List<String> events = api.with(StripeWorld::events);
            if (delivered < events.size() && deliver(events.get(delivered))) {
                delivered++;
            } else {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private boolean deliver(String event) {
        byte[] body = event.getBytes(UTF_8);
        HttpRequest request =
                HttpRequest.newBuilder(target)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .header("Stripe-Signature", signature(body))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            closing = true;
            return false;
        } catch (IOException notYet) {
            log.debug("not delivered yet: {}", String.valueOf(notYet.getMessage()));
            return false;
        }
    }

    private String signature(byte[] body) {
        String seconds = Long.toString(clock.instant().getEpochSecond());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        http.shutdownNow();
    }
}
