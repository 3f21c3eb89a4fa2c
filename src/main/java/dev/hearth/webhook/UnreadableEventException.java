package dev.hearth.webhook;

import java.io.Serial;

/// A genuine request whose body is not an event of its scheme. The message is safe to send back.
public final class UnreadableEventException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    UnreadableEventException(String message) {
        super(message, null, false, false);
    }
}
