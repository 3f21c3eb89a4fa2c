package dev.hearth.web;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.util.Locale;
import java.util.Optional;

/// Media types: what a request's body is, and what the client would like to have.
public final class MediaTypes {
    private MediaTypes() {}

    /// Whether the request's body is of this type, whatever its parameters.
    public static boolean is(Request request, String type) {
        return bare(request.header("Content-Type").orElse("")).equals(type);
    }

    /// Bodies are never unpacked here, so that a small one cannot become a large one.
    ///
    /// @throws RefusedException with 415 if the body is compressed
    public static void requireNotCompressed(Request request) {
        String encoding = request.header("Content-Encoding").orElse("identity");
        if (!encoding.strip().equalsIgnoreCase("identity")) {
            throw Problem.of(
                            415,
                            "unsupported-encoding",
                            "The body must not be compressed; send it without Content-Encoding.")
                    .refuse("Accept-Encoding", "identity");
        }
    }

    /// The type without parameters, lower-case.
    static String bare(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    /// A parameter of a media type, such as `boundary`, without its quotes.
    static Optional<String> parameter(String contentType, String name) {
        int at = contentType.indexOf(';');
        while (at >= 0) {
            int equals = contentType.indexOf('=', at);
            if (equals < 0) {
                return Optional.empty();
            }
            String found = contentType.substring(at + 1, equals).strip();
            int start = equals + 1;
            boolean quoted = start < contentType.length() && contentType.charAt(start) == '"';
            int end = contentType.indexOf(quoted ? '"' : ';', start + (quoted ? 1 : 0));
            end = end < 0 ? contentType.length() : end;
            if (found.equalsIgnoreCase(name)) {
                return Optional.of(contentType.substring(start + (quoted ? 1 : 0), end).strip());
            }
            at = contentType.indexOf(';', end);
        }
        return Optional.empty();
    }

    /// Which of the types that a handler can make the client would like best (RFC 9110 section 12.5.1). Of equals
    /// the first offered wins; with no Accept header, the first of all.
    ///
    /// @throws RefusedException with 406 if the client takes none of them
    public static String choose(Request request, String... offered) {
        String accept = String.join(",", request.headers().all("Accept"));
        if (accept.isBlank()) {
            return offered[0];
        }
        String best = "";
        double bestQuality = 0;
        for (String offer : offered) {
            double quality = quality(accept, offer);
            if (quality > bestQuality) {
                best = offer;
                bestQuality = quality;
            }
        }
        if (best.isEmpty()) {
            throw Problem.of(
                            406,
                            "not-acceptable",
                            "This is available as " + String.join(", ", offered) + ".")
                    .refuse();
        }
        return best;
    }

    /// The quality of the most specific range that fits.
    private static double quality(String accept, String offer) {
        int mostSpecific = -1;
        double quality = 0;
        for (String range : accept.split(",", -1)) {
            int specificity = specificity(bare(range), offer);
            if (specificity > mostSpecific) {
                mostSpecific = specificity;
                quality = quality(range);
            }
        }
        return quality;
    }

    /// -1 where the range does not fit, else 0 for `*/*`, 1 for `text/*`, 2 for `text/html`.
    private static int specificity(String range, String offer) {
        if (range.equals(offer)) {
            return 2;
        }
        if (range.endsWith("/*") && offer.startsWith(range.substring(0, range.length() - 1))) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }

    /// The weight of a member of an Accept header: 1 where none is given, 0 where it cannot be read.
    static double quality(String member) {
        Optional<String> weight = parameter(member, "q");
        if (weight.isEmpty()) {
            return 1;
        }
        try {
            double value = Double.parseDouble(weight.get());
            return value >= 0 && value <= 1 ? value : 0;
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }
}
