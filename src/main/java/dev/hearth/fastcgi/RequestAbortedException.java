package dev.hearth.fastcgi;

import java.io.IOException;
import java.io.Serial;

/// The web server has given this request up, or its connection is gone: nobody waits for the answer.
public final class RequestAbortedException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    RequestAbortedException(String message) {
        super(message);
    }
}
