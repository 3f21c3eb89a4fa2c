package dev.hearth.fastcgi;

import java.io.IOException;
import java.io.Serial;

/// The web server ended the body before its announced length (FastCGI 1.0 section 6.2): answer with 400 and
/// change nothing.
public final class BodyCutException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    public BodyCutException(String message) {
        super(message);
    }
}
