package dev.hearth.webhook;

import dev.hearth.http.Headers;
import java.time.Instant;

/// Tells genuine requests of one source from others, over the exact bytes of the body. Never throws,
/// whatever it is given. Safe for many threads.
@FunctionalInterface
public interface Verifier {

    /// Whether these headers sign this body at this time.
    Verification verify(Headers headers, byte[] body, Instant now);
}
