package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/// Knows who may ask for payments by the key that they send: `Authorization: Bearer …`.
///
/// Keys are compared as digests, all of them each time, so that the time taken tells nothing.
final class Callers {
    private final Map<String, byte[]> digests = new HashMap<>();

    Callers(Map<String, String> secretsByName) {
        secretsByName.forEach((name, secret) -> digests.put(name, digest(secret)));
    }

    /// The name of the caller.
    ///
    /// @throws RefusedException with 401 if it has no key that counts
    String require(Request request) {
        byte[] sent = digest(bearer(request.header("Authorization").orElse("")));
        String caller = "";
        for (Map.Entry<String, byte[]> each : digests.entrySet()) {
            if (MessageDigest.isEqual(each.getValue(), sent)) {
                caller = each.getKey();
            }
        }
        if (caller.isEmpty()) {
            throw Problem.of(401, "unauthorized", "Send an API key: Authorization: Bearer …")
                    .refuse("WWW-Authenticate", "Bearer");
        }
        return caller;
    }

    private static String bearer(String header) {
        return header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7).strip() : "";
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
