package dev.hearth.web.auth;

import dev.hearth.http.Handler;
import dev.hearth.http.RefusedException;
import dev.hearth.web.Guard;
import dev.hearth.web.Security;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Lets people in by user name and password (Basic, RFC 7617). Only over https: the password travels as it is.
///
/// {@snippet lang=java :
/// router.with(new BasicLogin("Bakery", (user, password) ->
///         users.find(user).filter(known -> Passwords.matches(password, known.passwordHash()))
///                 .map(known -> new Principal(user, known.scopes()))));
/// }
public record BasicLogin(String realm, Check check) implements Guard {

    /// Checks a password.
    @FunctionalInterface
    public interface Check {
        /// Who this is, or nothing where user and password do not belong together.
        Optional<Principal> check(String user, String password) throws Exception;
    }

    public BasicLogin {
        if (realm.indexOf('"') >= 0 || realm.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("a realm has no quotes and backslashes: " + realm);
        }
    }

    @Override
    public Security security() {
        return new Security.Credentials(
                "basic", "basic", "", "User name and password of %s.".formatted(realm));
    }

    @Override
    public Handler guard(Handler next) {
        return request -> {
            String[] login =
                    Credentials.of(request, "Basic")
                            .flatMap(BasicLogin::decode)
                            .orElseThrow(this::again);
            check.check(login[0], login[1]).orElseThrow(this::again).enter(request);
            return next.handle(request);
        };
    }

    private RefusedException again() {
        return Principal.unauthorized(
                "Basic realm=\"" + realm + "\", charset=\"UTF-8\"", "Send user name and password.");
    }

    private static Optional<String[]> decode(String base64) {
        try {
            String pair =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                            .toString();
            int colon = pair.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(
                            new String[] {pair.substring(0, colon), pair.substring(colon + 1)});
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            return Optional.empty();
        }
    }
}
