package dev.hearth.bench.load;

import java.util.Optional;

/// What an answer must be: its status, and its whole body where that is known beforehand.
public record Expectation(int status, Optional<byte[]> body) {

    /// Status 200 with exactly this body.
    public static Expectation of(byte[] body) {
        return new Expectation(200, Optional.of(body));
    }

    /// This status with any body.
    public static Expectation of(int status) {
        return new Expectation(status, Optional.empty());
    }
}
