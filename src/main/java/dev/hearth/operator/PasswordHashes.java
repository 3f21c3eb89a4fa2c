package dev.hearth.operator;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Argon2id. Loaded with the first password, not with the site.
final class PasswordHashes {
    // What OWASP recommends at least: 19 MiB, two passes, one lane.
    private static final Argon2Function ARGON2 =
            Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

    /// What the password of an unknown name is checked against, so that it takes as long as a wrong one: the hash of
    /// random bytes that nobody kept.
    private static final String NOBODY =
            "$argon2id$v=19$m=19456,t=2,p=1$PND3uFgQYC4xrgYNV"
                    + "CVuPA$Tk5wDUeE2aNAKejtnS7mrshnVrA30oZTxGjeogFMJF8";

    /// Each check takes 19 MiB and tens of milliseconds: more at once would only serve those who guess.
    private static final Semaphore CHECKS = new Semaphore(2);

    private PasswordHashes() {}

    /// A new hash with a salt of its own; parameters and salt stand in it.
    static String hash(String password) {
        return ARGON2.hash(password.getBytes(StandardCharsets.UTF_8), random(16)).getResult();
    }

    /// Whether the password is the one that was hashed; never where nothing was.
    static boolean matches(String password, Optional<String> hash) throws InterruptedException {
        CHECKS.acquire();
        try {
            String wanted = hash.orElse(NOBODY);
            boolean same = Argon2Function.getInstanceFromHash(wanted).check(password, wanted);
            return same && hash.isPresent();
        } finally {
            CHECKS.release();
        }
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }
}
