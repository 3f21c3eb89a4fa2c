package dev.hearth.web;

import java.util.Locale;
import java.util.regex.Pattern;

/// Origins of pages, as they are named in a program and as browsers send them.
public final class Origins {
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#@\\s]+");

    private Origins() {}

    /// Scheme, host and perhaps a port (RFC 6454 section 6.2) as browsers write them: in small letters.
    ///
    /// @throws WiringException if it is no origin: one with a path, or without a scheme, would never be met
    public static String parse(String named) {
        String origin = named.toLowerCase(Locale.ROOT);
        if (!ORIGIN.matcher(origin).matches()) {
            throw new WiringException(
                    "an origin is written as https://shop.example, and \"%s\" is none"
                            .formatted(named));
        }
        return origin;
    }
}
