package dev.hearth.app;

import dev.hearth.payment.DeskOutcome;
import dev.hearth.payment.Payment;
import dev.hearth.payment.PaymentCall;
import dev.hearth.payment.PaymentDetail;
import dev.hearth.payment.PaymentFilter;
import dev.hearth.payment.PaymentPage;
import dev.hearth.payment.PaymentRecords;
import dev.hearth.payment.Payments;
import dev.hearth.payment.Reconcile;
import dev.hearth.payment.StripeUnavailableException;
import dev.hearth.storage.Database;
import dev.hearth.webhook.EventHandlers;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.PermanentFailureException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Looks at payments and steers them, while Hearth runs or not.
@Command(
        name = "payments",
        description =
                "Look at payments, subscriptions and invoices, steer them, and export the books.",
        subcommands = {
            PaymentsCommand.ListPayments.class,
            PaymentsCommand.Show.class,
            PaymentsCommand.RefundPayment.class,
            PaymentsCommand.Capture.class,
            PaymentsCommand.Compare.class,
            SubscriptionsCommand.class,
            InvoicesCommand.class,
            JournalCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class PaymentsCommand implements Callable<Integer> {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    @ParentCommand private @Nullable CommandLineTool tool;

    @SuppressWarnings("UnusedVariable") // the library sets and reads it
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        return tool().call();
    }

    private CommandLineTool tool() {
        return Objects.requireNonNull(tool);
    }

    Settings settings(CommandLineTool.CommonOptions options) throws StartException {
        return tool().settings(options);
    }

    Database open(CommandLineTool.CommonOptions options) throws StartException {
        return Server.openExisting(settings(options));
    }

    static StartException noSuchPayment(String id) {
        return new StartException(
                ExitCode.FAILED,
                "there is no payment \"%s\": neither an id of ours or of Stripe's, nor an order reference"
                        .formatted(id));
    }

    static String person() {
        return System.getProperty("user.name", "operator") + " (command line)";
    }

    @Command(name = "list", description = "List the newest payments.")
    static final class ListPayments implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable PaymentsCommand payments;

        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description = "Only those that are pending, paid, refunded, disputed, failed, …")
        private @Nullable String status;

        @Option(
                names = "--search",
                paramLabel = "TEXT",
                description = "Only those with this in the order reference, or with this id.")
        private @Nullable String text;

        @Option(
                names = "--after",
                paramLabel = "ID",
                description = "Those that are older than this one: the next page.")
        private @Nullable String after;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "At most this many; default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        public Integer call() throws Exception {
            PaymentFilter filter = filter();
            try (Database database = Objects.requireNonNull(payments).open(options)) {
                PaymentPage page = new PaymentRecords(database).list(filter);
                System.out.print(
                        options.json() ? PaymentOutput.jsonLines(page) : PaymentOutput.table(page));
            }
            return ExitCode.OK.code();
        }

        private PaymentFilter filter() throws StartException {
            try {
                PaymentFilter filter = PaymentFilter.ALL.atMost(limit);
                filter = status == null ? filter : filter.in(status);
                filter = text == null ? filter : filter.matching(text);
                return after == null ? filter : filter.after(after);
            } catch (IllegalArgumentException wrong) {
                throw new StartException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
            }
        }
    }

    @Command(
            name = "show",
            description = "Show one payment: what became of it and why, its refunds, its books.")
    static final class Show implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable PaymentsCommand payments;

        @Parameters(paramLabel = "ID", description = "Our id, Stripe's, or the order reference.")
        private String id = "";

        @Override
        public Integer call() throws Exception {
            try (Database database = Objects.requireNonNull(payments).open(options)) {
                PaymentDetail detail =
                        new PaymentRecords(database).find(id).orElseThrow(() -> noSuchPayment(id));
                System.out.print(
                        options.json() ? PaymentOutput.json(detail) : PaymentOutput.text(detail));
            }
            return ExitCode.OK.code();
        }
    }

    /// One payment that is to be changed.
    private interface Change {
        DeskOutcome on(Payments payments, PaymentDetail detail) throws Exception;
    }

    private int change(CommandLineTool.CommonOptions options, String id, Change change)
            throws Exception {
        try (Database database = open(options)) {
            Payments open = Payments.beside(database, InstantSource.system());
            PaymentDetail detail = open.records().find(id).orElseThrow(() -> noSuchPayment(id));
            return switch (change.on(open, detail)) {
                case DeskOutcome.Done(Payment payment) -> printed(options, payment, false);
                case DeskOutcome.Unknown(Payment payment) ->
                        awaitServer(options, open.records(), payment.id());
                case DeskOutcome.Refused(_, String reason) ->
                        throw new StartException(ExitCode.FAILED, reason);
            };
        }
    }

    /// The server does what was written down, if it runs.
    private static int awaitServer(
            CommandLineTool.CommonOptions options, PaymentRecords records, String id)
            throws Exception {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            PaymentDetail detail = records.find(id).orElseThrow();
            PaymentCall last = detail.calls().getLast();
            if (last.nextAt().isEmpty() && last.state().equals("rejected")) {
                throw new StartException(
                        ExitCode.FAILED, "Stripe refused: see hearth payments show " + id);
            }
            boolean over = last.nextAt().isEmpty();
            if (over || System.nanoTime() - deadline >= 0) {
                return printed(options, detail.payment(), !over);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private static int printed(
            CommandLineTool.CommonOptions options, Payment payment, boolean unknown) {
        System.out.print(
                options.json()
                        ? PaymentOutput.json(payment, unknown)
                        : PaymentOutput.outcome(payment, unknown));
        return unknown ? ExitCode.TEMPORARY.code() : ExitCode.OK.code();
    }

    @Command(name = "refund", description = "Give money back: all that is left, or a part.")
    static final class RefundPayment implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable PaymentsCommand payments;

        @Parameters(paramLabel = "ID", description = "Our id, Stripe's, or the order reference.")
        private String id = "";

        @Option(
                names = "--amount",
                paramLabel = "N",
                description = "In minor units, as 1250; default: all that is left.")
        private @Nullable Long amount;

        @Option(
                names = "--reason",
                paramLabel = "WORD",
                description = "duplicate, fraudulent or requested_by_customer.")
        private @Nullable String reason;

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "The same key again refunds nothing again; default: a new one.")
        private @Nullable String key;

        @Override
        public Integer call() throws Exception {
            String once = key == null ? UUID.randomUUID().toString() : key;
            return Objects.requireNonNull(payments)
                    .change(
                            options,
                            id,
                            (open, detail) ->
                                    open.desk()
                                            .refund(
                                                    person(),
                                                    detail.payment().id(),
                                                    OptionalLong.empty(),
                                                    optional(amount),
                                                    Optional.ofNullable(reason),
                                                    once));
        }
    }

    @Command(name = "capture", description = "Take an amount that is held.")
    static final class Capture implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable PaymentsCommand payments;

        @Parameters(paramLabel = "ID", description = "Our id, Stripe's, or the order reference.")
        private String id = "";

        @Option(
                names = "--amount",
                paramLabel = "N",
                description = "In minor units, as 1250; default: all of it.")
        private @Nullable Long amount;

        @Override
        public Integer call() throws Exception {
            return Objects.requireNonNull(payments)
                    .change(
                            options,
                            id,
                            (open, detail) ->
                                    open.desk()
                                            .capture(
                                                    person(),
                                                    detail.payment().id(),
                                                    OptionalLong.of(detail.revision()),
                                                    optional(amount)));
        }
    }

    private static OptionalLong optional(@Nullable Long number) {
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    @Command(
            name = "reconcile",
            description = {
                "Compare with Stripe: fetch events that did not come, have the server look at what is",
                "open, and hold the books against Stripe's balance. Exit code 1 if anything differed."
            })
    static final class Compare implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable PaymentsCommand payments;

        @Option(
                names = "--hours",
                paramLabel = "N",
                defaultValue = "72",
                description = "How far to look back; default: ${DEFAULT-VALUE}.")
        private int hours;

        @Override
        public Integer call() throws Exception {
            if (hours < 1 || hours > 24 * 365) {
                throw new StartException(ExitCode.USAGE, "--hours is 1 to 8760");
            }
            Settings settings = Objects.requireNonNull(payments).settings(options);
            try (Database database = Server.openExisting(settings);
                    Inbox inbox =
                            Inbox.open(
                                    database,
                                    Sources.of(settings, false),
                                    new EventHandlers(),
                                    database.clock())) {
                Payments open = Till.beside(settings, database);
                Instant since = InstantSource.system().instant().minus(Duration.ofHours(hours));
                Reconcile.Report report = open.reconcileBeside(since, inbox);
                System.out.print(
                        options.json() ? PaymentOutput.json(report) : PaymentOutput.text(report));
                return report.isClean() ? ExitCode.OK.code() : ExitCode.FAILED.code();
            } catch (StripeUnavailableException | PermanentFailureException unanswered) {
                throw new StartException(
                        ExitCode.UNAVAILABLE,
                        "nothing is compared, Stripe does not tell: " + unanswered.getMessage());
            }
        }
    }
}
