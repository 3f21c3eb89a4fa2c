package dev.hearth.fastcgi;

import java.io.IOException;
import java.io.Serial;

/// No byte of the body came for [Limits#bodyTimeout]: answer with 408.
public final class BodyTimeoutException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    BodyTimeoutException(String message) {
        super(message);
    }
}
