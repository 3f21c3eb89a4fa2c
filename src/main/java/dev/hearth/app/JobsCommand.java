package dev.hearth.app;

import dev.hearth.jobs.DeadJob;
import dev.hearth.jobs.JobEntry;
import dev.hearth.jobs.JobRecords;
import dev.hearth.storage.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks after the jobs, while Hearth runs or not.
@Command(
        name = "jobs",
        description = "Look after the jobs of the application: what runs when, what was given up.",
        subcommands = {JobsCommand.ListJobs.class, JobsCommand.Run.class, JobsCommand.Retry.class},
        synopsisSubcommandLabel = "COMMAND")
final class JobsCommand extends CommandGroup {

    @Command(
            name = "list",
            description = "List the jobs that wait or run, and those that were given up.")
    static final class ListJobs extends DatabaseCommand {
        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "At most this many of each; default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        ExitCode on(Database database) throws Exception {
            if (limit < 1) {
                throw new StartException(ExitCode.USAGE, "--limit is at least 1");
            }
            JobRecords records = new JobRecords(database);
            List<JobEntry> jobs = records.list(limit);
            List<DeadJob> dead = records.dead(limit);
            if (json()) {
                jobs.forEach(job -> System.out.println(json(job)));
                dead.forEach(job -> System.out.println(json(job)));
            } else {
                System.out.print(table(jobs, dead));
            }
            return ExitCode.OK;
        }

        private static String json(JobEntry job) {
            return Json.object(
                    "name",
                    job.name(),
                    "instance",
                    job.instance(),
                    "state",
                    job.running() ? "running" : "waiting",
                    "next",
                    job.next(),
                    "last_success",
                    job.lastSuccess(),
                    "last_failure",
                    job.lastFailure(),
                    "failures",
                    job.failures(),
                    "error",
                    job.error());
        }

        private static String json(DeadJob job) {
            return Json.object(
                    "name",
                    job.name(),
                    "instance",
                    job.instance(),
                    "state",
                    "dead",
                    "last_failure",
                    job.failedAt(),
                    "failures",
                    job.attempts(),
                    "error",
                    job.error(),
                    "data",
                    job.data());
        }

        private static String table(List<JobEntry> jobs, List<DeadJob> dead) {
            if (jobs.isEmpty() && dead.isEmpty()) {
                return "No job waits, and none was given up.\n";
            }
            String format = "%-20s  %-24s  %-36s  %s\n";
            StringBuilder text = new StringBuilder();
            text.append(format.formatted("NEXT", "NAME", "INSTANCE", "LAST OUTCOME"));
            for (JobEntry job : jobs) {
                String next = job.running() ? "runs now" : EventOutput.seconds(job.next());
                text.append(format.formatted(next, job.name(), job.instance(), outcome(job)));
            }
            for (DeadJob job : dead) {
                String outcome = failed(job.attempts(), Optional.of(job.failedAt()), job.error());
                text.append(format.formatted("given up", job.name(), job.instance(), outcome));
            }
            return text.toString();
        }

        private static String outcome(JobEntry job) {
            if (job.failures() > 0) {
                return failed(job.failures(), job.lastFailure(), job.error().orElse(""));
            }
            return job.lastSuccess()
                    .map(at -> "done " + EventOutput.seconds(at))
                    .orElse("has not run yet");
        }

        private static String failed(int times, Optional<Instant> at, String error) {
            return "failed %d× %s: %s"
                    .formatted(times, at.map(EventOutput::seconds).orElse(""), error);
        }
    }

    /// Something done to one job, which is written down.
    abstract static class Change extends DatabaseCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "The name of the job.")
        String name = "";

        /// What the audit calls it.
        abstract String action();

        abstract String instance();

        abstract boolean change(JobRecords records) throws Exception;

        /// Why it was not done.
        abstract String otherwise();

        @Override
        final ExitCode on(Database database) throws Exception {
            boolean done = change(new JobRecords(database));
            note(database, action(), name + " " + instance(), done ? "done" : "unchanged");
            if (!done) {
                throw new StartException(ExitCode.FAILED, otherwise());
            }
            System.out.println(
                    json()
                            ? Json.object("name", name, "instance", instance(), "due", true)
                            : "%s is due; Hearth runs it within seconds, if it serves."
                                    .formatted(name));
            return ExitCode.OK;
        }
    }

    @Command(name = "run", description = "Have a job run now that waits for its time.")
    static final class Run extends Change {
        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "INSTANCE",
                defaultValue = JobEntry.RECURRING,
                description = "Which of those that were put off; default: the job that comes back.")
        private String instance = JobEntry.RECURRING;

        @Override
        String action() {
            return "run job";
        }

        @Override
        String instance() {
            return instance;
        }

        @Override
        boolean change(JobRecords records) throws Exception {
            return records.runNow(name, instance);
        }

        @Override
        String otherwise() {
            return "no job \"%s\" with the instance \"%s\" waits; hearth jobs list shows those that do"
                    .formatted(name, instance);
        }
    }

    @Command(
            name = "retry",
            description = "Have a job tried again from the beginning that was given up.")
    static final class Retry extends Change {
        @Parameters(index = "1", paramLabel = "INSTANCE", description = "Which of them.")
        private String instance = "";

        @Override
        String action() {
            return "revive job";
        }

        @Override
        String instance() {
            return instance;
        }

        @Override
        boolean change(JobRecords records) throws Exception {
            return records.revive(name, instance);
        }

        @Override
        String otherwise() {
            return "no job \"%s\" with the instance \"%s\" was given up".formatted(name, instance);
        }
    }
}
