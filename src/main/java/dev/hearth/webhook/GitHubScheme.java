package dev.hearth.webhook;

import dev.hearth.http.Headers;
import dev.hearth.webhook.Verification.Reason;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// GitHub: `X-Hub-Signature-256: sha256=<hex>` over the body. Nothing says when it was signed, so the id of
/// the delivery, by which repetitions are known, is the only guard against replay.
public record GitHubScheme() implements Scheme {
    private static final String HEADER = "X-Hub-Signature-256";
    private static final String PREFIX = "sha256=";
    private static final JsonFields FIELDS = JsonFields.of("/repository/id", "/organization/id");

    @Override
    public String name() {
        return "github";
    }

    @Override
    public Verifier verifier(List<Secret> secrets) {
        HmacKeys keys = new HmacKeys(Hmac.Algorithm.SHA256, secrets, Secret::bytes);
        return (headers, body, now) -> {
            List<String> values = headers.all(HEADER);
            if (values.isEmpty()) {
                return Verification.refused(Reason.MISSING);
            }
            String value = values.getFirst();
            Optional<byte[]> code =
                    values.size() == 1 && value.startsWith(PREFIX)
                            ? Codes.lowerCaseHex(value.substring(PREFIX.length()), 32)
                            : Optional.empty();
            return keys.verify(now, code, body);
        };
    }

    @Override
    public EventHead head(Headers headers, byte[] body) {
        JsonFields.Found found = FIELDS.readIfJson(body);
        Optional<String> repository = found.id(0);
        return EventHead.of(
                        RequiredHeader.of(headers, "X-GitHub-Delivery"),
                        RequiredHeader.of(headers, "X-GitHub-Event"))
                .about(
                        repository.isPresent() ? "repository" : "organization",
                        repository.or(() -> found.id(1)));
    }

    @Override
    public List<String> keptHeaders() {
        return List.of(
                "content-type",
                "user-agent",
                "x-github-event",
                "x-github-delivery",
                "x-github-hook-id");
    }

    @Override
    public boolean signsTime() {
        return false;
    }

    @Override
    public Headers sign(Secret secret, String id, String type, byte[] body, Instant now) {
        byte[] code = new Hmac(Hmac.Algorithm.SHA256, secret.bytes()).of(body);
        return Headers.of(HEADER, PREFIX + HexFormat.of().formatHex(code))
                .with("X-GitHub-Delivery", id)
                .with("X-GitHub-Event", type);
    }
}
