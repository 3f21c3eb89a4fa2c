package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.hearth.http.Headers;
import dev.hearth.webhook.Verification.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>[,v1=…][,v0=…]`, where the code is the HMAC-SHA256 of
/// `t.body` with the whole `whsec_…` text as its key. v1 events and thin v2 events.
public record StripeScheme() implements Scheme {
    static final String HEADER = "Stripe-Signature";

    /// The object of a v1 event is in `data`, that of a thin v2 event in `related_object`.
    private static final JsonFields FIELDS =
            JsonFields.of(
                    "/id",
                    "/type",
                    "/data/object/object",
                    "/data/object/id",
                    "/related_object/type",
                    "/related_object/id",
                    "/api_version",
                    "/livemode",
                    "/created");

    /// The longest header that is read: a time and more signatures than Stripe has ever sent.
    private static final int MAX_HEADER = 1_024;

    @Override
    public String name() {
        return "stripe";
    }

    @Override
    public Verifier verifier(List<Secret> secrets) {
        HmacKeys keys = new HmacKeys(Hmac.Algorithm.SHA256, secrets, Secret::bytes);
        return (headers, body, now) -> verify(keys, headers, body, now);
    }

    private static Verification verify(HmacKeys keys, Headers headers, byte[] body, Instant now) {
        List<String> values = headers.all(HEADER);
        if (values.isEmpty()) {
            return Verification.refused(Reason.MISSING);
        }
        SignatureHeader header = values.size() == 1 ? parse(values.getFirst()) : null;
        if (header == null) {
            return Verification.refused(Reason.MALFORMED);
        }
        if (!SignedTime.isFresh(header.seconds, now)) {
            return Verification.refused(Reason.STALE);
        }
        byte[] prefix = (header.time + ".").getBytes(US_ASCII);
        return keys.verify(now, header.codes, prefix, body);
    }

    /// `time` is the text that was signed, leading zeros and all.
    private record SignatureHeader(String time, long seconds, List<byte[]> codes) {}

    /// Reads the header, or gives null where it is not one: unlike stripe-java, whose parser throws
    /// unchecked exceptions at whoever sends `t` without `=`.
    private static @Nullable SignatureHeader parse(String header) {
        if (header.length() > MAX_HEADER) {
            return null;
        }
        String time = null;
        List<byte[]> codes = new ArrayList<>(2);
        for (String item : header.split(",", -1)) {
            if (item.startsWith("t=")) {
                if (time != null) {
                    return null;
                }
                time = item.substring(2);
            } else if (item.startsWith("v1=")) {
                Codes.lowerCaseHex(item.substring(3), 32).ifPresent(codes::add);
            } else if (item.indexOf('=') <= 0) {
                return null;
            }
        }
        if (time == null || codes.isEmpty()) {
            return null;
        }
        OptionalLong seconds = SignedTime.parse(time);
        return seconds.isPresent() ? new SignatureHeader(time, seconds.getAsLong(), codes) : null;
    }

    @Override
    public EventHead head(Headers headers, byte[] body) {
        JsonFields.Found found = FIELDS.read(body);
        return new EventHead(
                found.text(0).orElseThrow(StripeScheme::noEvent),
                found.text(1).orElseThrow(StripeScheme::noEvent),
                found.text(2).or(() -> found.text(4)),
                found.text(3).or(() -> found.text(5)),
                found.text(6),
                found.flag(7),
                found.time(8));
    }

    private static UnreadableEventException noEvent() {
        return new UnreadableEventException("an event has an id and a type, both text");
    }

    @Override
    public List<String> keptHeaders() {
        return List.of("content-type", "user-agent");
    }

    @Override
    public Headers sign(Secret secret, String id, String type, byte[] body, Instant now) {
        return sign(secret, body, now);
    }

    /// The header with which Stripe would send this body at this time.
    static Headers sign(Secret secret, byte[] body, Instant now) {
        String time = Long.toString(now.getEpochSecond());
        byte[] code =
                new Hmac(Hmac.Algorithm.SHA256, secret.bytes())
                        .of((time + ".").getBytes(US_ASCII), body);
        return Headers.of(HEADER, "t=" + time + ",v1=" + HexFormat.of().formatHex(code));
    }
}
