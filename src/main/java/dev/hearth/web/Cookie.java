package dev.hearth.web;

import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.time.Duration;

/// A cookie as an answer sets it (RFC 6265bis section 4.1). What a request brings is in [Request#cookies()].
///
/// The client can read and change what is in it; what it must not change belongs into
/// [dev.hearth.web.auth.SignedCookies].
///
/// {@snippet lang=java :
/// Cookie theme = Cookie.of("theme", "dark").lasting(Duration.ofDays(90)).readableByScripts();
/// return theme.set(Response.seeOther("/"), request);
/// }
///
/// Unless told otherwise it is for the whole site, hidden from scripts (`HttpOnly`), not sent along with what other
/// sites submit (`SameSite=Lax`), gone when the browser is closed, and `Secure` where the request came over https. One
/// that browsers take over https only (`SameSite=None`, or a name that begins with `__Host-` or `__Secure-`) is always
/// `Secure`.
///
/// Whatever exists is taken by browsers: what they would drop without a word is refused here.
public final class Cookie {
    /// Of a name and a value together; browsers drop what is longer.
    private static final int LONGEST = 4_096;

    /// Of an attribute's value.
    private static final int LONGEST_PATH = 1_024;

    /// Whether the cookie is sent along with requests that pages of other sites cause.
    public enum SameSite {
        /// Never, not even where somebody follows a link to this site.
        STRICT("Strict"),
        /// Where somebody follows a link to this site, not with forms, pictures or scripts of others.
        LAX("Lax"),
        /// Always, over https. Such a cookie does not protect from forged requests.
        NONE("None");

        private final String attribute;

        SameSite(String attribute) {
            this.attribute = attribute;
        }
    }

    /// What follows the value.
    private record Attributes(
            String path, long seconds, boolean hidden, boolean secure, SameSite sameSite) {}

    private static final long UNTIL_CLOSED = -1;
    private static final Attributes USUAL =
            new Attributes("/", UNTIL_CLOSED, true, false, SameSite.LAX);

    private final String name;
    private final String value;
    private final Attributes attributes;

    private Cookie(String name, String value, Attributes attributes) {
        this.name = name;
        this.value = value;
        this.attributes = attributes;
    }

    /// A cookie with this value. Text with other characters must be encoded, by base64url say.
    ///
    /// @throws IllegalArgumentException if the name is not a token, the value holds a space, a quote, a comma, a
    ///     semicolon, a backslash or what is not ASCII, or both have more than 4096 characters together
    public static Cookie of(String name, String value) {
        if (!Headers.isToken(name)) {
            throw new IllegalArgumentException(
                    "a cookie's name is a token, and \"%s\" is none".formatted(name));
        }
        for (int i = 0; i < value.length(); i++) {
            requireOctet(name, value.charAt(i), i);
        }
        int length = name.length() + value.length();
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    "the cookie %s would have %d bytes, at most %d fit"
                            .formatted(name, length, LONGEST));
        }
        return new Cookie(name, value, USUAL);
    }

    /// The value itself stays out of the message: it may be a secret.
    private static void requireOctet(String name, char c, int index) {
        if (c <= ' ' || c >= 0x7f || "\",;\\".indexOf(c) >= 0) {
            throw new IllegalArgumentException(
                    "the value of cookie %s holds U+%04X at %d; encode it, by base64url say"
                            .formatted(name, (int) c, index));
        }
    }

    /// Kept for this long, whether the browser is closed or not. Browsers keep none for more than 400 days.
    ///
    /// @throws IllegalArgumentException if it is less than a second
    public Cookie lasting(Duration time) {
        if (time.toSeconds() < 1) {
            throw new IllegalArgumentException("a cookie lasts for a second at least, not " + time);
        }
        return with(
                new Attributes(
                        attributes.path,
                        time.toSeconds(),
                        attributes.hidden,
                        attributes.secure,
                        attributes.sameSite));
    }

    /// Sent with requests for this path and what is below it only. That keeps no page of the site from it.
    ///
    /// @throws IllegalArgumentException if it does not begin with `/`, holds a semicolon or what is not ASCII, has more
    ///     than 1024 characters, or the cookie's name begins with `__Host-`
    public Cookie below(String path) {
        boolean plain = path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ';');
        if (!path.startsWith("/") || !plain || path.length() > LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "a cookie's path is one such as /shop, not \"%s\"".formatted(path));
        }
        if (hasPrefix("__Host-") && !path.equals("/")) {
            throw new IllegalArgumentException(
                    "the cookie %s is for the whole site by its name, not for %s"
                            .formatted(name, path));
        }
        return with(
                new Attributes(
                        path,
                        attributes.seconds,
                        attributes.hidden,
                        attributes.secure,
                        attributes.sameSite));
    }

    /// Also for scripts of the page, through `document.cookie`.
    public Cookie readableByScripts() {
        return with(
                new Attributes(
                        attributes.path,
                        attributes.seconds,
                        false,
                        attributes.secure,
                        attributes.sameSite));
    }

    /// `Secure` however the request came: where a front server ends https without telling so.
    public Cookie secure() {
        return with(
                new Attributes(
                        attributes.path,
                        attributes.seconds,
                        attributes.hidden,
                        true,
                        attributes.sameSite));
    }

    /// Sent along with requests of other sites as this says.
    public Cookie sameSite(SameSite wanted) {
        return with(
                new Attributes(
                        attributes.path,
                        attributes.seconds,
                        attributes.hidden,
                        attributes.secure,
                        wanted));
    }

    private Cookie with(Attributes other) {
        return new Cookie(name, value, other);
    }

    /// The response with the cookie set. `request` is the one that it answers.
    public Response set(Response response, Request request) {
        return header(response, request, value, attributes.seconds);
    }

    /// The response with the cookie taken away, whatever its value: the name and the path count.
    public Response remove(Response response, Request request) {
        return header(response, request, "", 0);
    }

    private Response header(Response response, Request request, String content, long seconds) {
        StringBuilder header = new StringBuilder(name).append('=').append(content);
        header.append("; Path=").append(attributes.path);
        if (seconds != UNTIL_CLOSED) {
            header.append("; Max-Age=").append(seconds);
        }
        if (attributes.hidden) {
            header.append("; HttpOnly");
        }
        header.append("; SameSite=").append(attributes.sameSite.attribute);
        if (isSecure() || request.scheme().equals("https")) {
            header.append("; Secure");
        }
        return response.withHeader("Set-Cookie", header.toString());
    }

    private boolean isSecure() {
        return attributes.secure
                || attributes.sameSite == SameSite.NONE
                || hasPrefix("__Host-")
                || hasPrefix("__Secure-");
    }

    /// Browsers compare these without case.
    private boolean hasPrefix(String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /// Without the value, which may be a secret.
    @Override
    public String toString() {
        return "Cookie[" + name + "]";
    }
}
