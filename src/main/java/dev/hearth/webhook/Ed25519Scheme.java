package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import dev.hearth.webhook.Verification.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Signatures with a key pair, so that whoever can verify cannot sign: Standard Webhooks `v1a` (a key
/// `whpk_<base64>`) and the style of Discord, `X-Signature-Ed25519` over timestamp and body (a key in
/// hexadecimal digits). The "secret" of a source is the sender's public key.
public record Ed25519Scheme() implements Scheme {
    private static final String SIGNATURE = "X-Signature-Ed25519";
    private static final String TIME = "X-Signature-Timestamp";
    private static final String PUBLIC_PREFIX = "whpk_";
    private static final String PRIVATE_PREFIX = "whsk_";
    private static final String VERSION = "v1a,";
    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;

    /// What stands before a raw key in X.509 and PKCS #8 (RFC 8410 sections 4 and 7).
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private static final JsonFields FIELDS =
            JsonFields.of("/id", "/type", "/event/type", "/event/timestamp");

    private record Key(Secret secret, PublicKey key) {}

    @Override
    public String name() {
        return "ed25519";
    }

    @Override
    public Verifier verifier(List<Secret> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("a source needs a key");
        }
        List<Key> keys =
                secrets.stream().map(secret -> new Key(secret, publicKey(secret))).toList();
        return (headers, body, now) ->
                headers.contains(SIGNATURE)
                        ? verifyDiscord(keys, headers, body, now)
                        : verifyStandard(keys, headers, body, now);
    }

    private static PublicKey publicKey(Secret secret) {
        String text = secret.text();
        byte[] raw =
                text.startsWith(PUBLIC_PREFIX)
                        ? Codes.base64Key(text.substring(PUBLIC_PREFIX.length()))
                        : Codes.hexKey(text);
        if (raw.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "an Ed25519 public key has 32 bytes, this has " + raw.length);
        }
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(joined(X509, raw)));
        } catch (GeneralSecurityException noKey) {
            throw new IllegalArgumentException("the secret is not an Ed25519 public key", noKey);
        }
    }

    private static Verification verifyDiscord(
            List<Key> keys, Headers headers, byte[] body, Instant now) {
        List<String> signatures = headers.all(SIGNATURE);
        List<String> times = headers.all(TIME);
        if (times.isEmpty()) {
            return Verification.refused(Reason.MISSING);
        }
        OptionalLong seconds = SignedTime.parse(times.getFirst());
        Optional<byte[]> signature = Codes.lowerCaseHex(signatures.getFirst(), SIGNATURE_BYTES);
        if (signatures.size() > 1 || times.size() > 1 || seconds.isEmpty()) {
            return Verification.refused(Reason.MALFORMED);
        }
        if (!SignedTime.isFresh(seconds.getAsLong(), now)) {
            return Verification.refused(Reason.STALE);
        }
        return verify(
                keys, signature.stream().toList(), times.getFirst().getBytes(US_ASCII), body, now);
    }

    private static Verification verifyStandard(
            List<Key> keys, Headers headers, byte[] body, Instant now) {
        return switch (StandardHeaders.read(headers, now)) {
            case StandardHeaders.Wrong(Reason reason) -> Verification.refused(reason);
            case StandardHeaders.Signed signed -> {
                List<byte[]> signatures = new ArrayList<>(2);
                for (String one : signed.signatures()) {
                    if (one.startsWith(VERSION)) {
                        Codes.base64(one.substring(VERSION.length()), SIGNATURE_BYTES)
                                .ifPresent(signatures::add);
                    }
                }
                yield verify(keys, signatures, signed.prefix(), body, now);
            }
        };
    }

    private static Verification verify(
            List<Key> keys, List<byte[]> signatures, byte[] prefix, byte[] body, Instant now) {
        if (signatures.isEmpty()) {
            return Verification.refused(Reason.MALFORMED);
        }
        for (Key key : keys) {
            for (byte[] signature : signatures) {
                if (key.secret.countsAt(now) && signed(key.key, signature, prefix, body)) {
                    return Verification.GENUINE;
                }
            }
        }
        return Verification.refused(Reason.MISMATCH);
    }

    private static boolean signed(PublicKey key, byte[] signature, byte[] prefix, byte[] body) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(prefix);
            verifier.update(body);
            return verifier.verify(signature);
        } catch (GeneralSecurityException notASignature) {
            return false; // 64 bytes that are no point and number of the curve
        }
    }

    @Override
    public EventHead head(Headers headers, byte[] body) {
        if (!headers.contains(SIGNATURE)) {
            return StandardScheme.standardHead(StandardHeaders.id(headers), body);
        }
        JsonFields.Found found = FIELDS.readIfJson(body);
        return EventHead.of(
                        found.id(0).orElseGet(() -> ContentId.of(body)),
                        found.text(2).or(() -> found.id(1)).orElse("event"))
                .createdAt(found.time(3));
    }

    /// Discord asks whether the address is ours: with an interaction of type 1, and wants the 1 back; or, where
    /// the address is for its events, with type 0, and wants nothing. There an event is what has type 1.
    @Override
    public Optional<Response> greeting(Headers headers, byte[] body) {
        if (!headers.contains(SIGNATURE)) {
            return Optional.empty();
        }
        JsonFields.Found found = FIELDS.readIfJson(body);
        if (found.text(2).isPresent()) {
            return Optional.empty();
        }
        return switch (found.id(1).orElse("")) {
            case "0" -> Optional.of(Response.status(204));
            case "1" -> Optional.of(Response.json(200, "{\"type\":1}"));
            default -> Optional.empty();
        };
    }

    /// Discord tries an address out with signatures that do not count, and takes it only if it answers 401.
    @Override
    public int refusedStatus(Headers headers) {
        return headers.contains(SIGNATURE) || headers.contains(TIME) ? 401 : 400;
    }

    @Override
    public List<String> keptHeaders() {
        return List.of("content-type", "user-agent");
    }

    /// Signs with a private key, `whsk_<base64>`, in the way of Standard Webhooks.
    @Override
    public Headers sign(Secret secret, String id, String type, byte[] body, Instant now) {
        if (!secret.text().startsWith(PRIVATE_PREFIX)) {
            throw new IllegalArgumentException(
                    "only the sender's private key, whsk_…, can sign; a source has the public one");
        }
        byte[] raw = Codes.base64Key(secret.text().substring(PRIVATE_PREFIX.length()));
        if (raw.length < KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 private key has at least 32 bytes");
        }
        try {
            PrivateKey key =
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(
                                            joined(PKCS8, Arrays.copyOf(raw, KEY_BYTES))));
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(StandardHeaders.prefix(id, now).getBytes(US_ASCII));
            signer.update(body);
            return StandardHeaders.of(
                    id, now, VERSION + Base64.getEncoder().encodeToString(signer.sign()));
        } catch (GeneralSecurityException noKey) {
            throw new IllegalArgumentException("the secret is not an Ed25519 private key", noKey);
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
