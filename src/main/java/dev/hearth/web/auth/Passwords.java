package dev.hearth.web.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Hashes passwords for storage (PBKDF2 with HMAC-SHA256, 600,000 rounds; about a quarter of a second of CPU: limit
/// the rate of logins). The rounds are stored with the hash, so that they can grow.
public final class Passwords {
    private static final int ROUNDS = 600_000;
    private static final int BITS = 256;

    private Passwords() {}

    /// A new hash with a salt of its own: `pbkdf2-sha256$rounds$salt$hash`.
    public static String hash(String password) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder();
        return "pbkdf2-sha256$%s$%s$%s"
                .formatted(
                        ROUNDS,
                        base64.encodeToString(salt),
                        base64.encodeToString(derive(password, salt, ROUNDS)));
    }

    /// Whether the password is the one that was hashed. Takes the same time for every wrong one.
    ///
    /// @throws IllegalArgumentException if the hash is not one of [#hash]
    public static boolean matches(String password, String hash) {
        String[] parts = hash.split("\\$", -1);
        if (parts.length != 4 || !parts[0].equals("pbkdf2-sha256")) {
            throw new IllegalArgumentException("a password hash is pbkdf2-sha256$rounds$salt$hash");
        }
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] wanted = Base64.getDecoder().decode(parts[3]);
        return MessageDigest.isEqual(wanted, derive(password, salt, Integer.parseInt(parts[1])));
    }

    private static byte[] derive(String password, byte[] salt, int rounds) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, rounds, BITS))
                    .getEncoded();
        } catch (NoSuchAlgorithmException | InvalidKeySpecException impossible) {
            throw new AssertionError("every JDK has PBKDF2WithHmacSHA256", impossible);
        }
    }
}
