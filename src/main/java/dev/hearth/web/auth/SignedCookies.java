package dev.hearth.web.auth;

import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.Cookie;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Cookies that only we can have made. The client can read them but not change them, nor use one after its time
/// or under another name.
///
/// The first secret signs, all of them verify: to change it, put the new one in front and take the old one away
/// when its cookies have ended. Cookies are `HttpOnly`, `SameSite=Lax`, for the whole site, and `Secure` where the
/// request came over https or the name begins with `__Host-` or `__Secure-`.
public final class SignedCookies {
    private static final int SHORTEST_SECRET = 32;

    private final List<byte[]> secrets;
    private final Clock clock;

    /// @throws IllegalArgumentException if there is no secret, or one of less than 32 bytes
    public SignedCookies(List<byte[]> secrets, Clock clock) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("signed cookies need a secret");
        }
        for (byte[] secret : secrets) {
            if (secret.length < SHORTEST_SECRET) {
                throw new IllegalArgumentException(
                        "a secret for cookies has at least %d bytes, this one %d"
                                .formatted(SHORTEST_SECRET, secret.length));
            }
        }
        this.secrets = secrets.stream().map(byte[]::clone).toList();
        this.clock = clock;
    }

    /// The value that we gave this cookie, if it is ours and its time has not passed.
    public Optional<String> read(Request request, String name) {
        String cookie = request.cookies().get(name);
        return cookie == null ? Optional.empty() : verify(name, cookie);
    }

    private Optional<String> verify(String name, String cookie) {
        String[] parts = cookie.split("\\.", -1);
        if (parts.length != 3 || !parts[1].matches("[0-9]{1,12}")) {
            return Optional.empty();
        }
        try {
            byte[] sent = Base64.getUrlDecoder().decode(parts[2]);
            boolean ours = false;
            for (byte[] secret : secrets) {
                ours |= MessageDigest.isEqual(mac(secret, name, parts[0], parts[1]), sent);
            }
            boolean fresh =
                    clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[1])));
            byte[] value = Base64.getUrlDecoder().decode(parts[0]);
            return ours && fresh
                    ? Optional.of(new String(value, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /// The response with the cookie set.
    ///
    /// @throws IllegalArgumentException if the name is not a token, the value is too long for a cookie, or the time is
    ///     less than a second
    public Response set(
            Response response, Request request, String name, String value, Duration time) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String encoded = base64.encodeToString(value.getBytes(StandardCharsets.UTF_8));
        String until = String.valueOf(clock.instant().plus(time).getEpochSecond());
        String mac = base64.encodeToString(mac(secrets.getFirst(), name, encoded, until));
        String cookie = encoded + "." + until + "." + mac;
        return Cookie.of(name, cookie).lasting(time).set(response, request);
    }

    /// The response with the cookie taken away.
    public Response remove(Response response, Request request, String name) {
        return Cookie.of(name, "").remove(response, request);
    }

    private static byte[] mac(byte[] secret, String name, String value, String until) {
        return Hashes.hmac(secret, name + "\n" + value + "\n" + until);
    }
}
