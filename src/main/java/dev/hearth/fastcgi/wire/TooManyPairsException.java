package dev.hearth.fastcgi.wire;

import java.io.Serial;

/// More name-value pairs came than the receiver takes: well-formed, but too large.
public final class TooManyPairsException extends ProtocolException {
    @Serial private static final long serialVersionUID = 1L;

    TooManyPairsException(int maxPairs) {
        super("more than %d pairs".formatted(maxPairs));
    }
}
