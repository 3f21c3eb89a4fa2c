package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import dev.hearth.webhook.Verification.Reason;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Slack: `X-Slack-Signature: v0=<hex>` over `v0:<X-Slack-Request-Timestamp>:<body>`. Events are JSON; slash
/// commands and interactions are forms without an id and are known by their time and content.
public record SlackScheme() implements Scheme {
    private static final String SIGNATURE = "X-Slack-Signature";
    private static final String TIME = "X-Slack-Request-Timestamp";
    private static final String PREFIX = "v0=";
    private static final JsonFields FIELDS =
            JsonFields.of("/event_id", "/type", "/event/type", "/event_time", "/challenge");

    @Override
    public String name() {
        return "slack";
    }

    @Override
    public Verifier verifier(List<Secret> secrets) {
        HmacKeys keys = new HmacKeys(Hmac.Algorithm.SHA256, secrets, Secret::bytes);
        return (headers, body, now) -> verify(keys, headers, body, now);
    }

    private static Verification verify(HmacKeys keys, Headers headers, byte[] body, Instant now) {
        List<String> signatures = headers.all(SIGNATURE);
        List<String> times = headers.all(TIME);
        if (signatures.isEmpty() || times.isEmpty()) {
            return Verification.refused(Reason.MISSING);
        }
        String signature = signatures.getFirst();
        OptionalLong seconds = SignedTime.parse(times.getFirst());
        if (signatures.size() > 1
                || times.size() > 1
                || seconds.isEmpty()
                || !signature.startsWith(PREFIX)) {
            return Verification.refused(Reason.MALFORMED);
        }
        if (!SignedTime.isFresh(seconds.getAsLong(), now)) {
            return Verification.refused(Reason.STALE);
        }
        return keys.verify(
                now,
                Codes.lowerCaseHex(signature.substring(PREFIX.length()), 32),
                ("v0:" + times.getFirst() + ":").getBytes(US_ASCII),
                body);
    }

    @Override
    public EventHead head(Headers headers, byte[] body) {
        JsonFields.Found found = FIELDS.readIfJson(body);
        String id =
                found.text(0)
                        .orElseGet(() ->
                                ContentId.of(
                                        RequiredHeader.of(headers, TIME).getBytes(US_ASCII), body));
        String type = found.text(2).or(() -> found.text(1)).orElse("form");
        return EventHead.of(id, type).createdAt(found.time(3));
    }

    /// Slack asks once, with `url_verification`, whether the address is ours.
    @Override
    public Optional<Response> greeting(Headers headers, byte[] body) {
        JsonFields.Found found = FIELDS.readIfJson(body);
        return found.text(1)
                .filter("url_verification"::equals)
                .flatMap(_ -> found.text(4))
                .map(Response::text);
    }

    @Override
    public List<String> keptHeaders() {
        return List.of("content-type", "user-agent", "x-slack-retry-num", "x-slack-retry-reason");
    }

    @Override
    public Headers sign(Secret secret, String id, String type, byte[] body, Instant now) {
        String time = Long.toString(now.getEpochSecond());
        byte[] code =
                new Hmac(Hmac.Algorithm.SHA256, secret.bytes())
                        .of(("v0:" + time + ":").getBytes(US_ASCII), body);
        return Headers.of(SIGNATURE, PREFIX + HexFormat.of().formatHex(code)).with(TIME, time);
    }
}
