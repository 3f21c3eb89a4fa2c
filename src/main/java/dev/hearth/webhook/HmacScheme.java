package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.http.Headers;
import dev.hearth.webhook.Verification.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A configurable HMAC, for industrial devices and home-made senders.
///
/// @param header the header with the code
/// @param prefix what stands before the code in it, such as `sha256=`; may be empty
/// @param timestampHeader the header with the time that is signed too, in seconds; then `time.body` is
///     signed, with `separator` between them
/// @param id where the event's id is: without it, the same content is the same event
/// @param type where its type is: without it, `event`
/// @param object where the id of the object is that it is about: without it, events have no order
public record HmacScheme(
        String header,
        Hmac.Algorithm algorithm,
        Encoding encoding,
        String prefix,
        KeyEncoding keyEncoding,
        Optional<String> timestampHeader,
        String separator,
        Optional<Place> id,
        Optional<Place> type,
        Optional<Place> object)
        implements Scheme {

    /// How the code is written.
    public enum Encoding {
        HEX,
        BASE64
    }

    /// How the secret is written.
    public enum KeyEncoding {
        TEXT,
        HEX,
        BASE64
    }

    /// Where a value of an event is.
    public sealed interface Place {
        /// In a header.
        record Header(String name) implements Place {}

        /// In the JSON body.
        record Pointer(String pointer) implements Place {}

        /// A JSON pointer begins with `/`; anything else is the name of a header.
        static Place parse(String text) {
            if (text.startsWith("/")) {
                JsonFields.of(text); // refuses what is no pointer
                return new Pointer(text);
            }
            Headers.of(text, ""); // refuses what is no name
            return new Header(text);
        }
    }

    /// Hexadecimal SHA-256 in the header `X-Signature`.
    public static final HmacScheme DEFAULT =
            new HmacScheme(
                    "X-Signature",
                    Hmac.Algorithm.SHA256,
                    Encoding.HEX,
                    "",
                    KeyEncoding.TEXT,
                    Optional.empty(),
                    ".",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    public HmacScheme {
        Headers.of(header, "");
        timestampHeader.ifPresent(name -> Headers.of(name, ""));
    }

    @Override
    public String name() {
        return "hmac";
    }

    private byte[] key(Secret secret) {
        return switch (keyEncoding) {
            case TEXT -> secret.bytes();
            case HEX -> Codes.hexKey(secret.text());
            case BASE64 -> Codes.base64Key(secret.text());
        };
    }

    @Override
    public Verifier verifier(List<Secret> secrets) {
        HmacKeys keys = new HmacKeys(algorithm, secrets, this::key);
        return (headers, body, now) -> verify(keys, headers, body, now);
    }

    private Verification verify(HmacKeys keys, Headers headers, byte[] body, Instant now) {
        List<String> values = headers.all(header);
        if (values.isEmpty()) {
            return Verification.refused(Reason.MISSING);
        }
        String value = values.getFirst();
        if (values.size() > 1 || !value.startsWith(prefix)) {
            return Verification.refused(Reason.MALFORMED);
        }
        Optional<byte[]> code = decode(value.substring(prefix.length()));
        if (timestampHeader.isEmpty()) {
            return keys.verify(now, code, body);
        }
        List<String> times = headers.all(timestampHeader.get());
        if (times.isEmpty()) {
            return Verification.refused(Reason.MISSING);
        }
        OptionalLong seconds = SignedTime.parse(times.getFirst());
        if (times.size() > 1 || seconds.isEmpty()) {
            return Verification.refused(Reason.MALFORMED);
        }
        return SignedTime.isFresh(seconds.getAsLong(), now)
                ? keys.verify(now, code, (times.getFirst() + separator).getBytes(UTF_8), body)
                : Verification.refused(Reason.STALE);
    }

    /// Devices write hexadecimal digits in either case.
    private Optional<byte[]> decode(String text) {
        return switch (encoding) {
            case HEX -> Codes.lowerCaseHex(text.toLowerCase(Locale.ROOT), algorithm.size());
            case BASE64 -> Codes.base64(text, algorithm.size());
        };
    }

    @Override
    public EventHead head(Headers headers, byte[] body) {
        String eventId =
                id.map(place -> required("id", place, headers, body))
                        .orElseGet(() -> ContentId.of(signedTime(headers), body));
        String eventType =
                type.map(place -> required("type", place, headers, body)).orElse("event");
        return EventHead.of(eventId, eventType)
                .about("object", object.flatMap(place -> find(place, headers, body)));
    }

    /// Two readings of a device may be the same; the time at which they were signed tells them apart.
    private byte[] signedTime(Headers headers) {
        return timestampHeader.flatMap(headers::first).orElse("").getBytes(UTF_8);
    }

    private static String required(String what, Place place, Headers headers, byte[] body) {
        return find(place, headers, body)
                .orElseThrow(() ->
                        new UnreadableEventException(
                                "the event's %s is not there".formatted(what)));
    }

    private static Optional<String> find(Place place, Headers headers, byte[] body) {
        return switch (place) {
            case Place.Header(String name) -> headers.first(name);
            case Place.Pointer(String pointer) -> JsonFields.of(pointer).readIfJson(body).id(0);
        };
    }

    @Override
    public List<String> keptHeaders() {
        List<String> kept = new ArrayList<>(List.of("content-type", "user-agent"));
        for (Optional<Place> place : List.of(id, type, object)) {
            if (place.isPresent() && place.get() instanceof Place.Header(String name)) {
                kept.add(name.toLowerCase(Locale.ROOT));
            }
        }
        timestampHeader.ifPresent(name -> kept.add(name.toLowerCase(Locale.ROOT)));
        return kept;
    }

    @Override
    public boolean signsTime() {
        return timestampHeader.isPresent();
    }

    @Override
    public Headers sign(Secret secret, String eventId, String eventType, byte[] body, Instant now) {
        String time = Long.toString(now.getEpochSecond());
        byte[] before =
                timestampHeader.isPresent() ? (time + separator).getBytes(UTF_8) : new byte[0];
        byte[] code = new Hmac(algorithm, key(secret)).of(before, body);
        Headers headers =
                Headers.of(
                        header,
                        prefix
                                + switch (encoding) {
                                    case HEX -> HexFormat.of().formatHex(code);
                                    case BASE64 -> Base64.getEncoder().encodeToString(code);
                                });
        if (timestampHeader.isPresent()) {
            headers = headers.with(timestampHeader.get(), time);
        }
        return withPlace(withPlace(headers, id, eventId), type, eventType);
    }

    private static Headers withPlace(Headers headers, Optional<Place> place, String value) {
        return place.isPresent() && place.get() instanceof Place.Header(String name)
                ? headers.with(name, value)
                : headers;
    }
}
