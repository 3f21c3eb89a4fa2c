package dev.hearth.operator;

import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.jobs.DeadJob;
import dev.hearth.jobs.JobEntry;
import dev.hearth.jobs.JobRecords;
import dev.hearth.web.Forms;
import java.sql.SQLException;
import java.util.List;

/// Jobs: what runs when, and what was given up.
final class JobPages {
    private static final int ROWS = 100;

    private final JobRecords records;
    private final Audit audit;
    private final Pages pages;
    private final String prefix;

    JobPages(JobRecords records, Audit audit, Pages pages, String prefix) {
        this.records = records;
        this.audit = audit;
        this.pages = pages;
        this.prefix = prefix;
    }

    record JobList(List<JobEntry> jobs, List<DeadJob> dead, long count) {}

    Response list(Request request) throws SQLException {
        return pages.page(
                request,
                "Jobs",
                "jobs",
                new JobList(records.list(ROWS), records.dead(ROWS), records.count()));
    }

    Response runNow(Request request) throws Exception {
        return act(request, "run job", records::runNow);
    }

    Response revive(Request request) throws Exception {
        return act(request, "revive job", records::revive);
    }

    private interface Wish {
        boolean ask(String name, String instance) throws SQLException;
    }

    private Response act(Request request, String what, Wish wish) throws Exception {
        String name = Forms.read(request).first("name").orElse("");
        String instance = Forms.read(request).first("instance").orElse("");
        boolean done = wish.ask(name, instance);
        audit.add(
                request,
                SignIn.of(request).operator().name(),
                what,
                name + " " + instance,
                done ? "done" : "unchanged");
        return Response.seeOther(prefix + "/jobs?done=" + (done ? "replayed" : "unchanged"));
    }
}
