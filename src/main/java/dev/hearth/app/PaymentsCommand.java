package dev.hearth.app;

import dev.hearth.payment.DeskOutcome;
import dev.hearth.payment.Payment;
import dev.hearth.payment.PaymentDesk;
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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
            PaymentsCommand.Cancel.class,
            PaymentsCommand.Compare.class,
            SubscriptionsCommand.class,
            InvoicesCommand.class,
            JournalCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class PaymentsCommand extends CommandGroup {
    /// @param kind what was looked for: `payment`, `subscription` or `invoice`
    static StartException unknown(String kind, String id) {
        return new StartException(
                ExitCode.FAILED,
                "there is no %s \"%s\": neither an id of ours or of Stripe's, nor an order reference"
                        .formatted(kind, id));
    }

    @Command(name = "list", description = "List the newest payments.")
    static final class ListPayments extends DatabaseCommand {
        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description = "Only those that are pending, paid, refunded, disputed, failed, …")
        private @Nullable String status;

        @Mixin private ListOptions options = new ListOptions();

        @Override
        ExitCode on(Database database) throws Exception {
            PaymentPage page = new PaymentRecords(database).list(filter());
            System.out.print(json() ? PaymentOutput.jsonLines(page) : PaymentOutput.table(page));
            return ExitCode.OK;
        }

        private PaymentFilter filter() throws StartException {
            try {
                PaymentFilter filter = PaymentFilter.ALL.atMost(options.limit());
                filter = status == null ? filter : filter.in(status);
                filter = options.text().map(filter::matching).orElse(filter);
                return options.after().map(filter::after).orElse(filter);
            } catch (IllegalArgumentException wrong) {
                throw misused(wrong);
            }
        }
    }

    @Command(
            name = "show",
            description = "Show one payment: what became of it and why, its refunds, its books.")
    static final class Show extends DatabaseCommand {
        @Parameters(paramLabel = "ID", description = "Our id, Stripe's, or the order reference.")
        private String id = "";

        @Override
        ExitCode on(Database database) throws Exception {
            PaymentDetail detail =
                    new PaymentRecords(database).find(id).orElseThrow(() -> unknown("payment", id));
            System.out.print(json() ? PaymentOutput.json(detail) : PaymentOutput.text(detail));
            return ExitCode.OK;
        }
    }

    /// Changes one payment. It is written down here; where its outcome is not known, the server finds it out, if it
    /// runs.
    abstract static class Change extends DatabaseCommand {
        @Parameters(paramLabel = "ID", description = "Our id, Stripe's, or the order reference.")
        private String id = "";

        /// What the audit calls it.
        abstract String action();

        abstract DeskOutcome ask(PaymentDesk desk, PaymentDetail detail) throws Exception;

        @Override
        final ExitCode on(Database database) throws Exception {
            Payments open = Payments.beside(database, InstantSource.system());
            PaymentDetail detail =
                    open.records().find(id).orElseThrow(() -> unknown("payment", id));
            DeskOutcome outcome = ask(open.desk(), detail);
            note(database, action(), "payment " + detail.payment().id(), outcome.words());
            return switch (outcome) {
                case DeskOutcome.Done(Payment payment) -> printed(payment, false);
                case DeskOutcome.Unknown(Payment payment) ->
                        awaitServer(open.records(), payment.id());
                case DeskOutcome.Refused(_, String reason) ->
                        throw new StartException(ExitCode.FAILED, reason);
            };
        }

        private ExitCode awaitServer(PaymentRecords records, String ours) throws Exception {
            boolean done =
                    WrittenCall.await(() -> records.find(ours).orElseThrow().calls().getLast());
            return printed(records.find(ours).orElseThrow().payment(), !done);
        }

        private ExitCode printed(Payment payment, boolean unknown) {
            System.out.print(
                    json()
                            ? PaymentOutput.json(payment, unknown)
                            : PaymentOutput.outcome(payment, unknown));
            return unknown ? ExitCode.TEMPORARY : ExitCode.OK;
        }
    }

    @Command(name = "refund", description = "Give money back: all that is left, or a part.")
    static final class RefundPayment extends Change {
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
        String action() {
            return "refund " + (amount == null ? "all" : amount + " minor units");
        }

        @Override
        DeskOutcome ask(PaymentDesk desk, PaymentDetail detail) throws Exception {
            return desk.refund(
                    operator(),
                    detail.payment().id(),
                    OptionalLong.empty(),
                    optional(amount),
                    Optional.ofNullable(reason),
                    key == null ? UUID.randomUUID().toString() : key);
        }
    }

    @Command(name = "capture", description = "Take an amount that is held.")
    static final class Capture extends Change {
        @Option(
                names = "--amount",
                paramLabel = "N",
                description = "In minor units, as 1250; default: all of it.")
        private @Nullable Long amount;

        @Override
        String action() {
            return "capture" + (amount == null ? "" : " " + amount + " minor units");
        }

        @Override
        DeskOutcome ask(PaymentDesk desk, PaymentDetail detail) throws Exception {
            return desk.capture(
                    operator(),
                    detail.payment().id(),
                    OptionalLong.of(detail.revision()),
                    optional(amount));
        }
    }

    @Command(name = "cancel", description = "Call off a payment that has not succeeded.")
    static final class Cancel extends Change {
        @Override
        String action() {
            return "cancel";
        }

        @Override
        DeskOutcome ask(PaymentDesk desk, PaymentDetail detail) throws Exception {
            return desk.cancel(
                    operator(), detail.payment().id(), OptionalLong.of(detail.revision()));
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
    static final class Compare extends DatabaseCommand {
        @Option(
                names = "--hours",
                paramLabel = "N",
                defaultValue = "72",
                description = "How far to look back; default: ${DEFAULT-VALUE}.")
        private int hours;

        @Override
        ExitCode on(Database database) throws Exception {
            if (hours < 1 || hours > 24 * 365) {
                throw new StartException(ExitCode.USAGE, "--hours is 1 to 8760");
            }
            Settings settings = settings();
            try (Inbox inbox =
                    Inbox.open(
                            database,
                            Sources.of(settings, false),
                            new EventHandlers(),
                            database.clock())) {
                Payments open = Till.beside(settings, database);
                Instant since = InstantSource.system().instant().minus(Duration.ofHours(hours));
                Reconcile.Report report =
                        open.reconcileBeside(
                                since,
                                inbox,
                                new Progress("objects of Stripe's looked at")::reached);
                System.out.print(json() ? PaymentOutput.json(report) : PaymentOutput.text(report));
                return report.isClean() ? ExitCode.OK : ExitCode.FAILED;
            } catch (StripeUnavailableException | PermanentFailureException unanswered) {
                throw new StartException(
                        ExitCode.UNAVAILABLE,
                        "nothing is compared, Stripe does not tell: " + unanswered.getMessage());
            }
        }
    }
}
