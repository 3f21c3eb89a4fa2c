package dev.hearth.webhook;

import dev.hearth.webhook.Verification.Reason;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The keys of one source: the current one and those that still count beside it.
final class HmacKeys {
    private record Key(Secret secret, Hmac hmac) {}

    private final List<Key> keys;

    /// @throws IllegalArgumentException if there is no secret at all
    HmacKeys(Hmac.Algorithm algorithm, List<Secret> secrets, Function<Secret, byte[]> decode) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("a source needs a secret");
        }
        keys =
                secrets.stream()
                        .map(secret -> new Key(secret, new Hmac(algorithm, decode.apply(secret))))
                        .toList();
    }

    /// What to make of one presented code, where it could be read at all.
    Verification verify(Instant now, Optional<byte[]> presented, byte[]... parts) {
        if (presented.isEmpty()) {
            return Verification.refused(Reason.MALFORMED);
        }
        return verify(now, List.of(presented.get()), parts);
    }

    /// What to make of the presented codes.
    Verification verify(Instant now, List<byte[]> presented, byte[]... parts) {
        return match(now, presented, parts)
                ? Verification.GENUINE
                : Verification.refused(Reason.MISMATCH);
    }

    /// Whether one of the presented codes is that of the parts under a key that counts now. Takes the same
    /// time wherever a wrong code differs.
    private boolean match(Instant now, List<byte[]> presented, byte[]... parts) {
        for (Key key : keys) {
            if (key.secret.countsAt(now)) {
                byte[] code = key.hmac.of(parts);
                for (byte[] candidate : presented) {
                    if (MessageDigest.isEqual(code, candidate)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
