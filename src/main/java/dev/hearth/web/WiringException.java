package dev.hearth.web;

import java.io.Serial;

/// The application is put together wrongly. Thrown at start, before the first request; the message is one
/// sentence that names the places in the source.
public final class WiringException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    public WiringException(String message) {
        super(message);
    }
}
