package dev.hearth.fastcgi;

import java.io.IOException;
import java.io.Serial;

/// A body without an announced length is longer than [Limits#bodyBytes]: answer with 413.
public final class BodyTooLargeException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    public BodyTooLargeException(String message) {
        super(message);
    }
}
