package dev.hearth.app;

import dev.hearth.jobs.JobLayer;
import dev.hearth.jobs.JobRun;
import dev.hearth.webhook.Event;
import dev.hearth.webhook.HandlerLayer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which jobs ran, and what they and the handlers of events threw, in order; the log and the database keep it too.
/// Safe for many threads: jobs have their own.
final class WorkWatch implements HandlerLayer, JobLayer {
    private final List<Throwable> thrown = new ArrayList<>(); // guarded by this
    private final Set<String> jobs = new HashSet<>(); // guarded by this

    @Override
    public String origin() {
        return "";
    }

    @Override
    public boolean around(Event event, Run run) throws Exception {
        try {
            return run.call();
        } catch (Throwable failed) {
            add(failed);
            throw failed;
        }
    }

    @Override
    public void around(JobRun run, String origin, Work work) throws Exception {
        begin(run.name());
        try {
            work.call();
        } catch (Throwable failed) {
            add(failed);
            throw failed;
        }
    }

    private synchronized void begin(String job) {
        jobs.add(job);
    }

    /// Whether a job of this name has run, whatever came of it.
    synchronized boolean hasRun(String job) {
        return jobs.contains(job);
    }

    private synchronized void add(Throwable failed) {
        thrown.add(failed);
    }

    /// All that was thrown since the last time.
    synchronized List<Throwable> take() {
        List<Throwable> taken = List.copyOf(thrown);
        thrown.clear();
        return taken;
    }
}
