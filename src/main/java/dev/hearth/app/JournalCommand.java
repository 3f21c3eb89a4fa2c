package dev.hearth.app;

import dev.hearth.payment.JournalLine;
import dev.hearth.payment.PaymentRecords;
import dev.hearth.storage.Database;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows the books, or exports them for the bookkeeper.
@Command(
        name = "journal",
        description = "Show the books, or export them as CSV for the bookkeeper.")
final class JournalCommand extends DatabaseCommand {
    private static final int MOST_SHOWN = 10_000;

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "The first day, as 2026-11-01, in UTC; default: the beginning.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "DATE",
            description = "The last day, which is part of it; default: today.")
    private @Nullable String to;

    @Option(names = "--csv", description = "As CSV with a header line, amounts as decimals.")
    private boolean csv;

    @Override
    ExitCode on(Database database) throws Exception {
        Instant since = from == null ? Instant.EPOCH : day("--from", from);
        Instant until =
                (to == null ? Instant.now().truncatedTo(ChronoUnit.DAYS) : day("--to", to))
                        .plus(1, ChronoUnit.DAYS);
        if (!since.isBefore(until)) {
            throw new StartException(ExitCode.USAGE, "--from comes before --to");
        }
        PaymentRecords records = new PaymentRecords(database);
        if (csv) {
            System.out.print(records.journalCsv(since, until));
            return ExitCode.OK;
        }
        for (JournalLine line : records.journal(since, until, MOST_SHOWN)) {
            System.out.print(json() ? PaymentOutput.json(line) : PaymentOutput.text(line));
        }
        if (!json()) {
            System.out.print(PaymentOutput.balances(records.balances()));
        }
        return ExitCode.OK;
    }

    private static Instant day(String option, String text) throws StartException {
        try {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException notADate) {
            throw new StartException(
                    ExitCode.USAGE,
                    "%s wants a date such as 2026-11-01, was \"%s\"".formatted(option, text),
                    notADate);
        }
    }
}
