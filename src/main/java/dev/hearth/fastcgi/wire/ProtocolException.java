package dev.hearth.fastcgi.wire;

import java.io.IOException;
import java.io.Serial;

/// The peer sent something that FastCGI 1.0 does not allow. What follows on the connection cannot be trusted.
public sealed class ProtocolException extends IOException permits TooManyPairsException {
    @Serial private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }
}
