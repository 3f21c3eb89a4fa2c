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

// The subject of the webhook suite: the inbox with a handler that does nothing, a route that only
// verifies, and `/hello`.

void main(String[] args) {
    StripeScheme scheme = new StripeScheme();
    Verifier verifier =
            scheme.verifier(List.of(Secret.of(System.getenv("HEARTH_WEBHOOK_STRIPE_SECRET"))));
    Hearth.run(
            args,
            app -> {
                app.on("stripe", "*", (_, _) -> {});
                app.get("/hello", _ -> Response.text("Hello, world!\n"));
                app.post("/verify", request -> verify(scheme, verifier, request));
            });
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
