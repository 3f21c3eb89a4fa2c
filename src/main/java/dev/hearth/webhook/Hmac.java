package dev.hearth.webhook;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// HMAC (RFC 2104) with one key. Safe for many threads.
///
/// The key's two blocks are digested once and the digests cloned for each message: that is two of four
/// compressions saved for a short one, and nothing to be looked up, locked or kept per thread. It also
/// leaves out `javax.crypto`, whose providers cost 22 ms at the first use in a process.
public final class Hmac {

    /// A digest to build on, with the size of its block in bytes (FIPS 180-4 section 1).
    public enum Algorithm {
        SHA1("SHA-1", 64, 20),
        SHA256("SHA-256", 64, 32),
        SHA512("SHA-512", 128, 64);

        private final String digest;
        private final int blockSize;
        private final int size;

        Algorithm(String digest, int blockSize, int size) {
            this.digest = digest;
            this.blockSize = blockSize;
            this.size = size;
        }

        /// How many bytes a code has.
        int size() {
            return size;
        }

        MessageDigest newDigest() {
            try {
                return MessageDigest.getInstance(digest);
            } catch (NoSuchAlgorithmException missing) {
                throw new IllegalStateException("this JVM has no " + digest, missing);
            }
        }
    }

    private final MessageDigest inner; // never updated: only cloned
    private final MessageDigest outer; // never updated: only cloned

    Hmac(Algorithm algorithm, byte[] key) {
        if (key.length == 0) {
            throw new IllegalArgumentException("an HMAC key must not be empty");
        }
        byte[] block =
                Arrays.copyOf(
                        key.length > algorithm.blockSize ? algorithm.newDigest().digest(key) : key,
                        algorithm.blockSize);
        inner = algorithm.newDigest();
        outer = algorithm.newDigest();
        inner.update(padded(block, 0x36));
        outer.update(padded(block, 0x5c));
        Arrays.fill(block, (byte) 0);
    }

    /// The code of the parts, as if they were one array.
    byte[] of(byte[]... parts) {
        try {
            MessageDigest message = (MessageDigest) inner.clone();
            for (byte[] part : parts) {
                message.update(part);
            }
            MessageDigest code = (MessageDigest) outer.clone();
            return code.digest(message.digest());
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the JDK's own digests can be cloned", impossible);
        }
    }

    private static byte[] padded(byte[] block, int pad) {
        byte[] padded = new byte[block.length];
        for (int i = 0; i < block.length; i++) {
            padded[i] = (byte) (block[i] ^ pad);
        }
        return padded;
    }
}
