package dev.hearth.web.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.hearth.http.Handler;
import dev.hearth.http.RefusedException;
import dev.hearth.web.Guard;
import dev.hearth.web.Security;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Set;

/// Lets in who sends a JWT of one issuer for this audience: `Authorization: Bearer <token>`.
///
/// The algorithm is pinned: what the token says about it does not count, `none` and HMAC with a public key
/// included. `exp` is required. `sub` becomes the principal's name, `scope` (RFC 9068) its scopes. Keys come from a
/// JWKS file that is read once: nothing is fetched while requests wait.
public final class JwtLogin implements Guard {
    private final DefaultJWTProcessor<SecurityContext> processor;
    private final String issuer;
    private final String audience;

    private JwtLogin(
            DefaultJWTProcessor<SecurityContext> processor, String issuer, String audience) {
        this.processor = processor;
        this.issuer = issuer;
        this.audience = audience;
    }

    /// Reads the keys. `algorithm` is one of RFC 7518 section 3.1, such as `RS256`, `ES256` or `EdDSA`.
    ///
    /// @throws IOException if the file cannot be read or is no JWKS
    public static JwtLogin of(Path jwksFile, String algorithm, String issuer, String audience)
            throws IOException {
        if (algorithm.equals("none")) {
            throw new IllegalArgumentException("the algorithm \"none\" signs nothing");
        }
        JWKSet keys;
        try {
            keys = JWKSet.load(jwksFile.toFile());
        } catch (ParseException malformed) {
            throw new IOException(
                    jwksFile + " is not a JWKS: " + malformed.getMessage(), malformed);
        }
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        JWSAlgorithm.parse(algorithm), new ImmutableJWKSet<>(keys)));
        processor.setJWTClaimsSetVerifier(
                new DefaultJWTClaimsVerifier<>(
                        audience,
                        new JWTClaimsSet.Builder().issuer(issuer).build(),
                        Set.of("sub", "exp")));
        return new JwtLogin(processor, issuer, audience);
    }

    @Override
    public Security security() {
        return new Security.Credentials(
                "jwt", "bearer", "JWT", "A token of %s for %s.".formatted(issuer, audience));
    }

    @Override
    public Handler guard(Handler next) {
        return request -> {
            String token =
                    Credentials.of(request, "Bearer")
                            .orElseThrow(() ->
                                    Principal.unauthorized(
                                            "Bearer", "Send a token as Authorization: Bearer."));
            verify(token).enter(request);
            return next.handle(request);
        };
    }

    private Principal verify(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            String scope = claims.getStringClaim("scope");
            Set<String> scopes =
                    scope == null || scope.isBlank()
                            ? Set.of()
                            : Set.copyOf(List.of(scope.strip().split(" +")));
            return new Principal(claims.getSubject(), scopes);
        } catch (ParseException | BadJOSEException | JOSEException invalid) {
            throw invalid();
        }
    }

    /// One answer for every fault: it tells a forger nothing.
    private static RefusedException invalid() {
        return Principal.unauthorized(
                "Bearer error=\"invalid_token\"", "This token is not valid, or no longer.");
    }
}
