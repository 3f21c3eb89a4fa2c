package dev.hearth.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// A stored event, as its handler gets it. The body is what the sender signed; read no more of it than an id
/// where the sender can be asked for the present state.
///
/// @param id the inbox's own id
/// @param externalId the sender's id
/// @param created when it happened, or when it came where the sender does not say
/// @param attempt 1 at the first try
@SuppressWarnings("ArrayRecordComponent") // one owner at a time, and bodies can be large
public record Event(
        String id,
        String source,
        String externalId,
        String type,
        Optional<String> objectType,
        Optional<String> objectId,
        Optional<String> apiVersion,
        Optional<Boolean> livemode,
        Instant created,
        Instant receivedAt,
        int attempt,
        byte[] body) {

    /// The body as text in UTF-8.
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// Never the body: it holds personal data.
    @Override
    public String toString() {
        return "%s %s %s (%s)".formatted(source, type, externalId, id);
    }
}
