package dev.hearth.operator;

import dev.hearth.http.Query;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.metrics.Readiness;
import dev.hearth.metrics.RouteTraffic;
import dev.hearth.web.Forms;
import java.sql.SQLException;
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

    record RouteList(List<RouteTraffic> rows) {}

    Response routes(Request request) {
        List<RouteTraffic> rows =
                RouteTraffic.of(subject.routes().get(), subject.vitals().traffic().counted());
        return pages.page(request, "Routes", "routes", new RouteList(rows));
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
