package dev.hearth.app;

import dev.hearth.payment.BillingDesk;
import dev.hearth.payment.BillingFilter;
import dev.hearth.payment.BillingOutcome;
import dev.hearth.payment.BillingPage;
import dev.hearth.payment.BillingRecords;
import dev.hearth.payment.Invoice;
import dev.hearth.payment.InvoiceDetail;
import dev.hearth.payment.PaymentCall;
import dev.hearth.storage.Database;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks at invoices and steers them, while Hearth runs or not.
@Command(
        name = "invoices",
        description = "Look at invoices, remind of them and take them back.",
        subcommands = {
            InvoicesCommand.ListInvoices.class,
            InvoicesCommand.Show.class,
            InvoicesCommand.Remind.class,
            InvoicesCommand.Cancel.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class InvoicesCommand extends CommandGroup {

    private static InvoiceDetail find(BillingRecords records, String id) throws Exception {
        return records.invoice(id).orElseThrow(() -> PaymentsCommand.unknown("invoice", id));
    }

    @Command(name = "list", description = "List the newest invoices.")
    static final class ListInvoices extends BillingList<Invoice> {
        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Only those that are open, paid, void, uncollectible, …")
        private @Nullable String state;

        @Override
        @Nullable String state() {
            return state;
        }

        @Override
        BillingPage<Invoice> list(BillingRecords records, BillingFilter filter)
                throws SQLException {
            return records.invoices(filter);
        }

        @Override
        String json(Invoice row) {
            return BillingOutput.json(row);
        }

        @Override
        String table(BillingPage<Invoice> page) {
            return BillingOutput.invoices(page.rows());
        }
    }

    @Command(name = "show", description = "Show one invoice, its payments and its calls.")
    static final class Show extends DatabaseCommand {
        @Parameters(paramLabel = "ID", description = "Our id, Stripe's, or the order reference.")
        private String id = "";

        @Override
        ExitCode on(Database database) throws Exception {
            InvoiceDetail detail = find(new BillingRecords(database), id);
            System.out.print(json() ? BillingOutput.json(detail) : BillingOutput.text(detail));
            return ExitCode.OK;
        }
    }

    /// What remind and cancel have in common.
    abstract static class OfInvoice extends BillingChange {
        @Override
        final String kind() {
            return "invoice";
        }

        @Override
        final String ourId(BillingRecords records, String named) throws Exception {
            return find(records, named).invoice().id();
        }

        @Override
        final List<PaymentCall> calls(BillingRecords records, String ourId) throws Exception {
            return find(records, ourId).calls();
        }

        @Override
        final String text(BillingRecords records, String ourId) throws Exception {
            InvoiceDetail detail = find(records, ourId);
            return json() ? BillingOutput.json(detail) : BillingOutput.text(detail);
        }
    }

    @Command(name = "remind", description = "Have Stripe send an open invoice once more.")
    static final class Remind extends OfInvoice {
        @Override
        String action() {
            return "remind";
        }

        @Override
        BillingOutcome ask(BillingDesk desk, String operator, String ourId) throws Exception {
            return desk.remind(operator, ourId);
        }
    }

    @Command(name = "cancel", description = "Take an invoice back that is not paid.")
    static final class Cancel extends OfInvoice {
        @Override
        String action() {
            return "take back";
        }

        @Override
        BillingOutcome ask(BillingDesk desk, String operator, String ourId) throws Exception {
            return desk.cancelInvoice(operator, ourId);
        }
    }
}
