package dev.hearth.app;

import dev.hearth.operator.Audit;
import dev.hearth.storage.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows what operators did, on the site and by commands.
@Command(
        name = "audit",
        description = "List what operators did, on the site and by commands; the newest first.")
final class AuditCommand extends DatabaseCommand {
    @Option(names = "--operator", paramLabel = "NAME", description = "Only what this one did.")
    private String operator = "";

    @Option(
            names = "--action",
            paramLabel = "WORDS",
            description = "Only what was called so, such as refund or \"sign in\".")
    private String action = "";

    @Option(
            names = "--subject",
            paramLabel = "TEXT",
            description = "Only what was done to something with this in its name or id.")
    private String subject = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only what was done since: 2h or 7d ago, 2026-11-21, or 2026-11-21T10:00:00Z.")
    private @Nullable String since;

    @Option(names = "--before", paramLabel = "TIME", description = "Only what was done before.")
    private @Nullable String before;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most this many; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    ExitCode on(Database database) throws Exception {
        List<Audit.Entry> entries =
                new Audit(database, database.clock()).list(filter(database.clock().instant()));
        if (json()) {
            entries.forEach(entry -> System.out.println(json(entry)));
        } else {
            System.out.print(table(entries));
        }
        return ExitCode.OK;
    }

    private Audit.Filter filter(Instant now) throws StartException {
        if (limit < 1) {
            throw new StartException(ExitCode.USAGE, "--limit is at least 1");
        }
        try {
            return new Audit.Filter(
                    operator,
                    action,
                    subject,
                    Optional.ofNullable(since).map(time -> EventFilter.time(time, now)),
                    Optional.ofNullable(before).map(time -> EventFilter.time(time, now)),
                    "",
                    limit);
        } catch (IllegalArgumentException wrong) {
            throw misused(wrong);
        }
    }

    private static String json(Audit.Entry entry) {
        return Json.object(
                "at",
                entry.at(),
                "operator",
                entry.operator(),
                "action",
                entry.action(),
                "subject",
                entry.subject(),
                "outcome",
                entry.outcome(),
                "address",
                entry.address());
    }

    private static String table(List<Audit.Entry> entries) {
        if (entries.isEmpty()) {
            return "No such action was written down.\n";
        }
        String format = "%-20s  %-16s  %-20s  %-44s  %-16s  %s\n";
        StringBuilder text = new StringBuilder();
        text.append(format.formatted("WHEN", "WHO", "WHAT", "TO WHAT", "FROM", "OUTCOME"));
        for (Audit.Entry entry : entries) {
            text.append(
                    format.formatted(
                            EventOutput.seconds(entry.at()),
                            entry.operator(),
                            entry.action(),
                            entry.subject(),
                            entry.address(),
                            entry.outcome()));
        }
        return text.toString();
    }
}
