package dev.hearth.web.auth;

import dev.hearth.http.Request;
import java.util.Optional;

/// Reads the Authorization header (RFC 9110 section 11.6.2).
final class Credentials {
    private Credentials() {}

    /// What follows the scheme; nothing where there is no such header or another scheme.
    static Optional<String> of(Request request, String scheme) {
        Optional<String> header = request.header("Authorization");
        if (header.isEmpty()) {
            return Optional.empty();
        }
        String sent = header.get();
        boolean same =
                sent.length() > scheme.length()
                        && sent.regionMatches(true, 0, scheme, 0, scheme.length())
                        && sent.charAt(scheme.length()) == ' ';
        return same ? Optional.of(sent.substring(scheme.length() + 1).strip()) : Optional.empty();
    }
}
