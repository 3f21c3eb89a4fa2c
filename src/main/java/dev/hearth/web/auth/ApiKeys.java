package dev.hearth.web.auth;

import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.web.Guard;
import dev.hearth.web.Security;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// Lets programs in that send an API key: `Authorization: Bearer hk_<id>_<secret>`.
///
/// Only a hash of the secret is stored; it is looked up by the id and compared in constant time. A fast hash is
/// enough, since the secret is 256 random bits and no password.
///
/// {@snippet lang=java :
/// ApiKeys.Issued issued = ApiKeys.issue("till 3", Set.of("orders:write"));
/// keys.insert(issued.stored());       // to keep
/// System.out.println(issued.key());   // to show once, and never again
///
/// router.with(new ApiKeys(keys::find)).with(Principal.requireScope("orders:write"));
/// }
public record ApiKeys(Store store) implements Guard {
    private static final String PREFIX = "hk_";
    private static final String CHALLENGE = "Bearer";

    /// Finds stored keys.
    @FunctionalInterface
    public interface Store {
        /// The key of this id, unless there is none or it was revoked.
        Optional<Stored> find(String id) throws Exception;
    }

    /// What is kept of a key: no secret. `hash` is hexadecimal.
    public record Stored(String id, String name, String hash, Set<String> scopes) {
        public Stored {
            scopes = Set.copyOf(scopes);
        }
    }

    /// A new key: the text that its owner sends, and what is to be stored.
    public record Issued(String key, Stored stored) {
        @Override
        public String toString() {
            return "Issued[" + stored.id() + "]"; // never the key itself
        }
    }

    /// Makes a new key.
    public static Issued issue(String name, Set<String> scopes) {
        String id = HexFormat.of().formatHex(Hashes.sha256(Hashes.randomText(16)), 0, 6);
        String key = PREFIX + id + "_" + Hashes.randomText(32);
        return new Issued(key, new Stored(id, name, hash(key), scopes));
    }

    private static String hash(String key) {
        return HexFormat.of().formatHex(Hashes.sha256(key));
    }

    @Override
    public Security security() {
        return new Security.Credentials(
                "apiKey",
                "bearer",
                "hk_ID_SECRET",
                "An API key, as it was shown when it was issued.");
    }

    @Override
    public Handler guard(Handler next) {
        return request -> {
            Stored key = genuine(request);
            new Principal(key.name(), key.scopes()).enter(request);
            return next.handle(request);
        };
    }

    private Stored genuine(Request request) throws Exception {
        String sent =
                Credentials.of(request, "Bearer")
                        .orElseThrow(() ->
                                Principal.unauthorized(
                                        CHALLENGE, "Send an API key as Authorization: Bearer."));
        int idEnd = sent.indexOf('_', PREFIX.length());
        Optional<Stored> stored =
                sent.startsWith(PREFIX) && idEnd > 0 && sent.length() < 200
                        ? store.find(sent.substring(PREFIX.length(), idEnd))
                        : Optional.empty();
        byte[] wanted = stored.map(key -> HexFormat.of().parseHex(key.hash())).orElse(new byte[32]);
        boolean same = MessageDigest.isEqual(wanted, Hashes.sha256(sent));
        return stored.filter(_ -> same)
                .orElseThrow(() ->
                        Principal.unauthorized(
                                "Bearer error=\"invalid_token\"", "This API key is not valid."));
    }
}
