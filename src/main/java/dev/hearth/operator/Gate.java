package dev.hearth.operator;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.Forms;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;

/// Lets operators in and nobody else, and only their own forms.
///
/// | who asks | answer |
/// |---|---|
/// | anyone, while there is no operator | 404, as if there were no site |
/// | nobody that is known | to the sign-in page, for a form 403 |
/// | a viewer with a form | 403 |
/// | a form without the session's token | 403 |
final class Gate implements Middleware {
    static final String COOKIE = "hearth_operator";

    private final Operators operators;
    private final SignIns signIns;
    private final String prefix;
    private final boolean trustsFront;

    /// The front server's users have no session; their forms carry what only this process knows.
    private final String formTokenOfFront = SignIns.random();

    private volatile boolean anyKnown;

    /// `trustsFront` lets in whom the front server has authenticated, if an operator has that name.
    Gate(Operators operators, SignIns signIns, String prefix, boolean trustsFront) {
        this.operators = operators;
        this.signIns = signIns;
        this.prefix = prefix;
        this.trustsFront = trustsFront;
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            requireSite();
            Optional<SignIn> known = known(request);
            boolean reads = isRead(request);
            if (known.isEmpty()) {
                if (reads) {
                    return toSignIn(request);
                }
                throw forbidden("Sign in first: this session is over.");
            }
            known.get().enter(request);
            if (!reads) {
                requireForm(request, known.get());
            }
            return next.handle(request);
        };
    }

    /// @throws dev.hearth.http.RefusedException with 404 where there is no operator yet
    void requireSite() {
        if (!isThere()) {
            // The same words as for any path without a route.
            throw Problem.of(404, "not-found", "There is nothing at this path.").refuse();
        }
    }

    private boolean isThere() {
        try {
            anyKnown = operators.any();
        } catch (SQLException lost) {
            return anyKnown; // as it was when the database last answered
        }
        return anyKnown;
    }

    private Optional<SignIn> known(Request request) throws SQLException {
        if (trustsFront) {
            Optional<String> user = request.user().filter(name -> !name.isEmpty());
            return user.isEmpty()
                    ? Optional.empty()
                    : operators
                            .find(user.get())
                            .map(operator -> new SignIn(operator, formTokenOfFront));
        }
        String token = request.cookies().get(COOKIE);
        return token == null ? Optional.empty() : signIns.find(token);
    }

    private static boolean isRead(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private Response toSignIn(Request request) {
        if (trustsFront) {
            throw forbidden(
                    "The web server names nobody who is an operator here (REMOTE_USER); see hearth operator add.");
        }
        String to = request.path() + (request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery());
        return Response.seeOther(
                prefix + "/sign-in?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
    }

    private static void requireForm(Request request, SignIn signIn) throws Exception {
        String token = Forms.read(request).first("token").orElse("");
        if (!signIn.isOurForm(token)) {
            throw forbidden("This form is not one of this session. Open the page anew.");
        }
        boolean ownBusiness = request.path().endsWith("/sign-out");
        if (!ownBusiness && !signIn.operator().mayAct()) {
            throw forbidden("You may look here, but not act: your role is viewer.");
        }
    }

    static RuntimeException forbidden(String detail) {
        return Problem.of(403, "forbidden", detail).refuse();
    }
}
