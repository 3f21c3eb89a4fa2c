package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.hearth.http.Headers;
import dev.hearth.webhook.Verification.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Standard Webhooks 1.0 with a shared secret: `webhook-signature: v1,<base64> …` over `id.timestamp.body`.
/// Svix, where it comes from, calls the same headers `svix-…`; both names are read.
public record StandardScheme() implements Scheme {
    private static final String SECRET_PREFIX = "whsec_";
    private static final String VERSION = "v1,";
    private static final JsonFields FIELDS = JsonFields.of("/type", "/timestamp", "/data/id");

    @Override
    public String name() {
        return "standard";
    }

    private static byte[] key(Secret secret) {
        String text = secret.text();
        return Codes.base64Key(
                text.startsWith(SECRET_PREFIX) ? text.substring(SECRET_PREFIX.length()) : text);
    }

    @Override
    public Verifier verifier(List<Secret> secrets) {
        HmacKeys keys = new HmacKeys(Hmac.Algorithm.SHA256, secrets, StandardScheme::key);
        return (headers, body, now) ->
                switch (StandardHeaders.read(headers, now)) {
                    case StandardHeaders.Wrong(Reason reason) -> Verification.refused(reason);
                    case StandardHeaders.Signed signed -> verify(keys, signed, body, now);
                };
    }

    private static Verification verify(
            HmacKeys keys, StandardHeaders.Signed signed, byte[] body, Instant now) {
        List<byte[]> codes = new ArrayList<>(2);
        for (String signature : signed.signatures()) {
            if (signature.startsWith(VERSION)) {
                Codes.base64(signature.substring(VERSION.length()), 32).ifPresent(codes::add);
            }
        }
        return codes.isEmpty()
                ? Verification.refused(Reason.MALFORMED)
                : keys.verify(now, codes, signed.prefix(), body);
    }

    @Override
    public EventHead head(Headers headers, byte[] body) {
        return standardHead(StandardHeaders.id(headers), body);
    }

    /// The specification recommends, but does not demand, JSON with `type`, `timestamp` and `data`.
    static EventHead standardHead(String id, byte[] body) {
        JsonFields.Found found = FIELDS.readIfJson(body);
        String type = found.text(0).orElse("event");
        int dot = type.indexOf('.');
        return EventHead.of(id, type)
                .about(dot > 0 ? type.substring(0, dot) : "object", found.id(2))
                .createdAt(found.time(1));
    }

    @Override
    public List<String> keptHeaders() {
        return List.of("content-type", "user-agent");
    }

    @Override
    public Headers sign(Secret secret, String id, String type, byte[] body, Instant now) {
        return sign(List.of(secret), id, body, now);
    }

    /// Every code for one message, for a receiver whose secret is being replaced.
    static Headers sign(List<Secret> secrets, String id, byte[] body, Instant now) {
        List<String> signatures = new ArrayList<>(secrets.size());
        for (Secret secret : secrets) {
            byte[] code =
                    new Hmac(Hmac.Algorithm.SHA256, key(secret))
                            .of(StandardHeaders.prefix(id, now).getBytes(US_ASCII), body);
            signatures.add(VERSION + Base64.getEncoder().encodeToString(code));
        }
        return StandardHeaders.of(id, now, String.join(" ", signatures));
    }
}
