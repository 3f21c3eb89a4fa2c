package dev.hearth.webhook;

import java.io.Serial;

/// Thrown by a handler for what is expected to pass, such as a server that does not answer now: the event is
/// tried again as after any failure, and the log has a line of it instead of a stack.
public class PassingFailureException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    public PassingFailureException(String message) {
        super(message);
    }
}
