package dev.hearth.operator;

import dev.hearth.http.Query;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.metrics.Readiness;
import dev.hearth.metrics.Traffic;
import dev.hearth.web.Forms;
import dev.hearth.web.Route;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The process itself: its routes, its configuration, its health, and what was done by whom. All but the last work
/// without the database.
final class ProcessPages {
    private static final int ROWS = 100;

    private final Subject subject;
    private final Audit audit;
    private final Pages pages;
    private final String prefix;

    ProcessPages(Subject subject, Audit audit, Pages pages, String prefix) {
        this.subject = subject;
        this.audit = audit;
        this.pages = pages;
        this.prefix = prefix;
    }

    /// A route with what it has counted.
    record RouteRow(
            String method,
            String pattern,
            String place,
            long requests,
            long refusals,
            long errors,
            double p50,
            double p95,
            double p99) {}

    record RouteList(List<RouteRow> rows) {}

    Response routes(Request request) {
        List<Traffic.Counted> counted = subject.vitals().traffic().counted();
        List<RouteRow> rows = new ArrayList<>();
        for (Route route : subject.routes().get()) {
            rows.add(
                    row(
                            route.method(),
                            route.pattern(),
                            place(route),
                            counted.stream()
                                    .filter(one ->
                                            one.route().equals(route.pattern())
                                                    && one.method().equals(route.method()))
                                    .findFirst()));
        }
        for (Traffic.Counted one : counted) {
            boolean listed =
                    rows.stream()
                            .anyMatch(row ->
                                    row.pattern.equals(one.route())
                                            && row.method.equals(one.method()));
            if (!listed) {
                rows.add(
                        row(
                                one.method(),
                                one.route().isEmpty() ? "no route" : one.route(),
                                "",
                                Optional.of(one)));
            }
        }
        return pages.page(request, "Routes", "routes", new RouteList(rows));
    }

    /// Hearth's own routes are declared nowhere that a user could look.
    private static String place(Route route) {
        return route.place().isHearths() ? "Hearth" : route.place().toString();
    }

    private static RouteRow row(
            String method, String pattern, String place, Optional<Traffic.Counted> counted) {
        return new RouteRow(
                method,
                pattern,
                place,
                counted.map(Traffic.Counted::requests).orElse(0L),
                counted.map(Traffic.Counted::refusals).orElse(0L),
                counted.map(Traffic.Counted::errors).orElse(0L),
                counted.map(one -> one.latency().millisOf(0.5)).orElse(0.0),
                counted.map(one -> one.latency().millisOf(0.95)).orElse(0.0),
                counted.map(one -> one.latency().millisOf(0.99)).orElse(0.0));
    }

    record ConfigurationPage(
            List<Subject.ConfigurationLine> lines,
            String level,
            List<String> levels,
            String fault) {}

    Response configuration(Request request) {
        return configuration(request, 200, "");
    }

    private Response configuration(Request request, int status, String fault) {
        return pages.page(
                request,
                status,
                "Configuration",
                "configuration",
                new ConfigurationPage(
                        subject.configuration().get(),
                        subject.logLevel().get(),
                        Subject.LogLevel.LEVELS,
                        fault));
    }

    Response logLevel(Request request) throws Exception {
        Query form = Forms.read(request);
        String level = form.first("level").orElse("");
        if (!Subject.LogLevel.LEVELS.contains(level)) {
            return configuration(request, 422, "There is no such log level.");
        }
        audit.add(request, SignIn.of(request).operator().name(), "log level", level, "done");
        subject.logLevel().set(level); // behind the note: without a database nothing is changed
        return Response.seeOther(prefix + "/configuration?done=level");
    }

    record HealthPage(List<Readiness.Check> checks) {
        boolean isReady() {
            return checks.stream().allMatch(Readiness.Check::ok);
        }
    }

    Response health(Request request) {
        return pages.page(
                request, "Health", "health", new HealthPage(subject.readiness().checks()));
    }

    record AuditPage(List<Audit.Entry> entries, Optional<String> older) {}

    Response audit(Request request) throws SQLException {
        List<Audit.Entry> entries = audit.list(Asked.of(request).place("before"), ROWS);
        Optional<String> older =
                entries.size() < ROWS
                        ? Optional.empty()
                        : Optional.of(prefix + "/audit?before=" + entries.getLast().id());
        return pages.page(request, "Audit", "audit", new AuditPage(entries, older));
    }
}
