package dev.hearth.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// A signing secret, and until when it counts. Never shown: [#toString] hides it.
public final class Secret {
    private final String text;
    private final Optional<Instant> until;

    private Secret(String text, Optional<Instant> until) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        this.text = text;
        this.until = until;
    }

    /// A secret without an end.
    ///
    /// @throws IllegalArgumentException if it is empty or blank
    public static Secret of(String text) {
        return new Secret(text, Optional.empty());
    }

    /// A secret that is being replaced: it counts before `end`, and not from then on.
    public static Secret until(Instant end, String text) {
        return new Secret(text, Optional.of(end));
    }

    /// Whether it counts at this time.
    public boolean countsAt(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }

    /// When it stops to count.
    public Optional<Instant> end() {
        return until;
    }

    String text() {
        return text;
    }

    /// The text in UTF-8: what most senders take for the key.
    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return until.map(end -> "secret until " + end).orElse("secret");
    }
}
