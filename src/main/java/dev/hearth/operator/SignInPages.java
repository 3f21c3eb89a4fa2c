package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Query;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.Cookie;
import dev.hearth.web.Forms;
import dev.hearth.web.RateLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// In and out.
final class SignInPages {
    /// What the page shows: where to go afterwards, the name that was typed, and what was wrong.
    record SignInPage(String to, String name, Optional<String> wrong) {}

    private final Operators operators;
    private final SignIns signIns;
    private final Audit audit;
    private final Gate gate;
    private final Pages pages;
    private final String prefix;

    // Guessing is slow from one network, and slow for one name from many.
    private final RateLimit ofNetwork = RateLimit.of(20, Duration.ofMinutes(5));
    private final RateLimit ofName =
            RateLimit.of(20, Duration.ofMinutes(15)).by(SignInPages::nameIn);

    SignInPages(
            Operators operators,
            SignIns signIns,
            Audit audit,
            Gate gate,
            Pages pages,
            String prefix) {
        this.operators = operators;
        this.signIns = signIns;
        this.audit = audit;
        this.gate = gate;
        this.pages = pages;
        this.prefix = prefix;
    }

    Response show(Request request) {
        gate.requireSite();
        return page(request, 200, Asked.of(request).text("to"), "", Optional.empty());
    }

    Response signIn(Request request) throws Exception {
        gate.requireSite();
        try {
            return ofNetwork.wrap(ofName.wrap(this::check)).handle(request);
        } catch (RefusedException refused) {
            if (refused.problem().status() != 429) {
                throw refused;
            }
            Response tooMany =
                    page(
                            request,
                            429,
                            "",
                            nameIn(request),
                            Optional.of("Too many tries. " + refused.problem().detail()));
            return tooMany.withHeader(
                    "Retry-After",
                    refused.toResponse().headers().first("Retry-After").orElse("60"));
        }
    }

    private Response check(Request request) throws Exception {
        Query form = Forms.read(request);
        String name = form.first("name").orElse("");
        String to = form.first("to").orElse("");
        Optional<Operator> known = operators.check(name, form.first("password").orElse(""));
        if (known.isEmpty()) {
            audit.add(request, name, "sign in", "", "refused");
            return page(
                    request,
                    422,
                    to,
                    name,
                    Optional.of("Name and password do not belong together."));
        }
        String token = signIns.begin(known.get());
        audit.add(request, known.get().name(), "sign in", "", "done");
        Response signedIn =
                Response.seeOther(isOurs(to) ? to : prefix).withHeader("Cache-Control", "no-store");
        return cookie(token).set(signedIn, request);
    }

    /// Only pages of this site: a link to the sign-in page must not lead elsewhere afterwards.
    private boolean isOurs(String to) {
        boolean below =
                to.equals(prefix) || to.startsWith(prefix + "/") || to.startsWith(prefix + "?");
        return below && to.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
    }

    Response signOut(Request request) throws Exception {
        String token = request.cookies().get(Gate.COOKIE);
        if (token != null) {
            signIns.end(token);
        }
        audit.add(request, SignIn.of(request).operator().name(), "sign out", "", "done");
        return cookie("").remove(Response.seeOther(prefix + "/sign-in"), request);
    }

    private Cookie cookie(String token) {
        return Cookie.of(Gate.COOKIE, token).below(prefix);
    }

    private Response page(
            Request request, int status, String to, String name, Optional<String> wrong) {
        return pages.publicPage(
                request, status, "Sign in", "signin", new SignInPage(to, name, wrong));
    }

    private static String nameIn(Request request) {
        try {
            return Forms.read(request).first("name").orElse("");
        } catch (IOException lost) {
            throw Problem.of(400, "bad-form", "The form cannot be read.").refuse();
        }
    }
}
