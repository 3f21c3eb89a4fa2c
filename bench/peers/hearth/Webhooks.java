import dev.hearth.Hearth;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.webhook.Secret;
import dev.hearth.webhook.StripeScheme;
import dev.hearth.webhook.Verification;
import dev.hearth.webhook.Verifier;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

// The subject of the webhook suite: the inbox with a handler that only notes when it was called, a route
// that only verifies, and `/hello`.

/// By milliseconds from the receipt of an event to its handler's start: how many events. The last counts all longer ones.
final AtomicLongArray delays = new AtomicLongArray(60_000);

void main(String[] args) {
    StripeScheme scheme = new StripeScheme();
    Verifier verifier =
            scheme.verifier(List.of(Secret.of(System.getenv("HEARTH_WEBHOOK_STRIPE_SECRET"))));
    Hearth.run(
            args,
            app -> {
                app.on("stripe", "*", (event, _) -> note(event.receivedAt()));
                app.get("/delays", _ -> Response.text(median() + "\n"));
                app.get("/hello", _ -> Response.text("Hello, world!\n"));
                app.post("/verify", request -> verify(scheme, verifier, request));
            });
}

void note(Instant received) {
    long millis = System.currentTimeMillis() - received.toEpochMilli();
    delays.incrementAndGet((int) Math.clamp(millis, 0, delays.length() - 1));
}

/// The median of those since it was asked last.
long median() {
    long[] counts = new long[delays.length()];
    for (int i = 0; i < counts.length; i++) {
        counts[i] = delays.getAndSet(i, 0);
    }
    long left = LongStream.of(counts).sum() / 2;
    int millis = 0;
    while (left >= counts[millis] && millis < counts.length - 1) {
        left -= counts[millis++];
    }
    return millis;
}

Response verify(StripeScheme scheme, Verifier verifier, Request request) throws IOException {
    byte[] body = request.bytes(1 << 20);
    return switch (verifier.verify(request.headers(), body, Instant.now())) {
        case Verification.Genuine _ -> {
            scheme.head(request.headers(), body);
            yield Response.json(200, "{\"ok\":true}\n");
        }
        case Verification.Refused _ -> Response.status(400);
    };
}
