package dev.hearth.fastcgi.wire;

import java.util.Optional;

/// What the web server wants of the application (FastCGI 1.0 section 6).
public enum Role {
    /// Answers a request, as a CGI program does (section 6.2).
    RESPONDER(1),
    /// Says whether a request is allowed (section 6.3).
    AUTHORIZER(2),
    /// Answers with a changed copy of a file that the web server sends along (section 6.4).
    FILTER(3);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    /// The number on the wire.
    public int code() {
        return code;
    }

    /// The role of a number from the wire, or nothing where the specification has none.
    public static Optional<Role> fromCode(int code) {
        return switch (code) {
            case 1 -> Optional.of(RESPONDER);
            case 2 -> Optional.of(AUTHORIZER);
            case 3 -> Optional.of(FILTER);
            default -> Optional.empty();
        };
    }
}
