package dev.hearth.operator;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.payment.BillingRecords;
import dev.hearth.payment.PaymentRecords;
import dev.hearth.web.Router;
import dev.hearth.web.auth.SameOrigin;
import dev.hearth.webhook.DeadLetters;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The site, as routes below its prefix. Absent (404) until there is an operator. Safe for many threads.
///
/// Opening it loads no template and starts no thread.
public final class OperatorSite {
    private static final Logger log = LoggerFactory.getLogger(OperatorSite.class);

    private final Subject subject;
    private final Pages pages;
    private final Audit audit;
    private final Gate gate;
    private final SignInPages signIn;
    private final String prefix;

    /// @param prefix below which it is, such as `/operator`
    /// @param trustsFront whether the front server signs people in (REMOTE_USER)
    public OperatorSite(Subject subject, String prefix, boolean trustsFront) {
        InstantSource clock = subject.database().clock();
        Operators operators = new Operators(subject.database());
        SignIns signIns = new SignIns(subject.database(), clock);
        this.subject = subject;
        this.prefix = prefix;
        this.pages = new Pages(prefix);
        this.audit = new Audit(subject.database(), clock);
        this.gate = new Gate(operators, signIns, prefix, trustsFront);
        this.signIn = new SignInPages(operators, signIns, audit, gate, pages, prefix);
    }

    /// The routes, to be mounted at the prefix.
    public Router routes() {
        Router inside = new Router().with(forPeople()).with(gate);
        overview(inside);
        events(inside);
        payments(inside);
        billing(inside);
        outgoing(inside);
        process(inside);
        inside.post("/sign-out", signIn::signOut);
        inside.get("/{rest...}", this::elsewhere);
        return new Router()
                .with(new SameOrigin())
                .get("/assets/{name}", Assets::answer)
                .get("/sign-in", signIn::show)
                .post("/sign-in", signIn::signIn)
                .mount("/", inside);
    }

    private void overview(Router inside) {
        OverviewPages overview = new OverviewPages(subject, pages);
        inside.get("/", overview::show).get("/live", overview::live);
    }

    private void events(Router inside) {
        EventPages events =
                new EventPages(
                        subject.inbox().records(),
                        subject.inbox().search(),
                        new DeadLetters(subject.database()),
                        audit,
                        pages,
                        prefix);
        inside.get("/events", events::list)
                .get("/events/{id}", events::show)
                .get("/events/{id}/body", events::body)
                .post("/events/replay", events::replay)
                .post("/events/ignore", events::ignore)
                .get("/dead", events::dead)
                .post("/dead/replay", events::replayDead);
    }

    private void payments(Router inside) {
        PaymentPages payments =
                new PaymentPages(
                        new PaymentRecords(subject.database()),
                        subject.payments(),
                        audit,
                        pages,
                        prefix);
        inside.get("/payments", payments::list)
                .get("/payments/journal.csv", payments::journal)
                .get("/payments/{id}", payments::show)
                .post("/payments/{id}/refund", payments::refund)
                .post("/payments/{id}/capture", payments::capture)
                .post("/payments/{id}/cancel", payments::cancel);
    }

    private void billing(Router inside) {
        BillingPages billing =
                new BillingPages(
                        new BillingRecords(subject.database()),
                        subject.payments(),
                        audit,
                        pages,
                        prefix);
        inside.get("/payments/subscriptions", billing::subscriptions)
                .get("/payments/subscriptions/{id}", billing::subscription)
                .post("/payments/subscriptions/{id}/cancel", billing::endSubscription)
                .post("/payments/subscriptions/{id}/cancel-now", billing::endSubscriptionNow)
                .get("/payments/invoices", billing::invoices)
                .get("/payments/invoices/{id}", billing::invoice)
                .post("/payments/invoices/{id}/remind", billing::remind)
                .post("/payments/invoices/{id}/cancel", billing::takeBack);
    }

    private void outgoing(Router inside) {
        OutgoingPages outgoing = new OutgoingPages(subject.outbox(), audit, pages, prefix);
        JobPages jobs = new JobPages(subject.jobs(), audit, pages, prefix);
        inside.get("/outgoing", outgoing::list)
                .get("/outgoing/{id}", outgoing::show)
                .post("/outgoing/retry", outgoing::retry)
                .get("/jobs", jobs::list)
                .post("/jobs/run", jobs::runNow)
                .post("/jobs/revive", jobs::revive);
    }

    private void process(Router inside) {
        ProcessPages process = new ProcessPages(subject, audit, pages, prefix);
        inside.get("/routes", process::routes)
                .get("/configuration", process::configuration)
                .post("/configuration/log-level", process::logLevel)
                .get("/health", process::health)
                .get("/audit", process::audit);
    }

    private Response elsewhere(Request request) {
        if (request.pathParameter("rest").isEmpty()) {
            return Response.seeOther(prefix); // the prefix with a slash behind it
        }
        throw Problem.of(404, "not-found", "There is no such page.").refuse();
    }

    /// What a page says that could not be shown.
    record ProblemPage(String detail, boolean databaseLost) {}

    /// Refusals as pages, and a lost database as one that says what still works.
    private Middleware forPeople() {
        return next -> (Handler) request -> readable(next, request);
    }

    private Response readable(Handler next, Request request) throws Exception {
        try {
            return next.handle(request);
        } catch (RefusedException refused) {
            Problem problem = refused.problem();
            Optional<SignIn> known = SignIn.find(request);
            if (known.isEmpty() && problem.status() == 404) {
                throw refused; // there is no site: nothing may look like one
            }
            ProblemPage page = new ProblemPage(problem.detail(), false);
            return known.isPresent()
                    ? pages.page(request, problem.status(), problem.title(), "problem", page)
                    : pages.publicPage(request, problem.status(), problem.title(), "problem", page);
        } catch (SQLException lost) {
            log.warn("an operator's page needs the database: {}", lost.getMessage());
            ProblemPage page = new ProblemPage("This page needs the database.", true);
            String title = "The database does not answer";
            Response response =
                    SignIn.find(request).isPresent()
                            ? pages.page(request, 503, title, "problem", page)
                            : pages.publicPage(request, 503, title, "problem", page);
            return response.withHeader("Retry-After", "10");
        }
    }
}
