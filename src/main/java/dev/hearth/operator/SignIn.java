package dev.hearth.operator;

import dev.hearth.http.Key;
import dev.hearth.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/// Who asks, and the token that forms of this session carry.
record SignIn(Operator operator, String formToken) {
    private static final Key<SignIn> KEY = Key.of("sign-in");

    void enter(Request request) {
        request.put(KEY, this);
    }

    /// Of a request that came through the [Gate].
    static SignIn of(Request request) {
        return find(request)
                .orElseThrow(() -> new IllegalStateException("the route is outside of the gate"));
    }

    static Optional<SignIn> find(Request request) {
        return request.get(KEY);
    }

    boolean isOurForm(String token) {
        return MessageDigest.isEqual(
                token.getBytes(StandardCharsets.UTF_8), formToken.getBytes(StandardCharsets.UTF_8));
    }

    /// Never the token.
    @Override
    public String toString() {
        return "sign-in of " + operator.name();
    }
}
