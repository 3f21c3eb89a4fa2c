package dev.hearth.webhook;

import java.io.Serial;

/// Thrown by a handler for an event that no later try can help: it is dead at once, and can be replayed.
public final class PermanentFailureException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    public PermanentFailureException(String message) {
        super(message);
    }

    public PermanentFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
