package dev.hearth.app;

import dev.hearth.payment.BillingDesk;
import dev.hearth.payment.BillingFilter;
import dev.hearth.payment.BillingOutcome;
import dev.hearth.payment.BillingPage;
import dev.hearth.payment.BillingRecords;
import dev.hearth.payment.PaymentCall;
import dev.hearth.payment.Subscription;
import dev.hearth.payment.SubscriptionDetail;
import dev.hearth.storage.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks at subscriptions and steers them, while Hearth runs or not.
@Command(
        name = "subscriptions",
        description = "Look at subscriptions, change and cancel them.",
        subcommands = {
            SubscriptionsCommand.ListSubscriptions.class,
            SubscriptionsCommand.Show.class,
            SubscriptionsCommand.Change.class,
            SubscriptionsCommand.Cancel.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class SubscriptionsCommand extends CommandGroup {

    private static SubscriptionDetail find(BillingRecords records, String id) throws Exception {
        return records.subscription(id)
                .orElseThrow(() -> PaymentsCommand.unknown("subscription", id));
    }

    @Command(name = "list", description = "List the newest subscriptions.")
    static final class ListSubscriptions extends BillingList<Subscription> {
        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Only those that are pending, active, past_due, canceled, …")
        private @Nullable String state;

        @Override
        @Nullable String state() {
            return state;
        }

        @Override
        BillingPage<Subscription> list(BillingRecords records, BillingFilter filter)
                throws SQLException {
            return records.subscriptions(filter);
        }

        @Override
        String json(Subscription row) {
            return BillingOutput.json(row);
        }

        @Override
        String table(BillingPage<Subscription> page) {
            return BillingOutput.subscriptions(page.rows());
        }
    }

    @Command(name = "show", description = "Show one subscription, its invoices and its calls.")
    static final class Show extends DatabaseCommand {
        @Parameters(paramLabel = "ID", description = "Our id, Stripe's, or the order reference.")
        private String id = "";

        @Override
        ExitCode on(Database database) throws Exception {
            SubscriptionDetail detail = find(new BillingRecords(database), id);
            System.out.print(json() ? BillingOutput.json(detail) : BillingOutput.text(detail));
            return ExitCode.OK;
        }
    }

    /// What cancel and change have in common.
    abstract static class OfSubscription extends BillingChange {
        @Override
        final String kind() {
            return "subscription";
        }

        @Override
        final String ourId(BillingRecords records, String named) throws Exception {
            return find(records, named).subscription().id();
        }

        @Override
        final List<PaymentCall> calls(BillingRecords records, String ourId) throws Exception {
            return find(records, ourId).calls();
        }

        @Override
        final String text(BillingRecords records, String ourId) throws Exception {
            SubscriptionDetail detail = find(records, ourId);
            return json() ? BillingOutput.json(detail) : BillingOutput.text(detail);
        }
    }

    @Command(name = "change", description = "Change how many are paid for, or what one costs.")
    static final class Change extends OfSubscription {
        @Option(names = "--quantity", paramLabel = "N", description = "How many.")
        private @Nullable Integer quantity;

        @Option(
                names = "--amount",
                paramLabel = "N",
                description = "What one costs, in minor units, as 1250.")
        private @Nullable Long amount;

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "The same key again changes nothing again; default: a new one.")
        private @Nullable String key;

        @Override
        String action() {
            return "change";
        }

        @Override
        BillingOutcome ask(BillingDesk desk, String operator, String ourId) throws Exception {
            if (quantity == null && amount == null) {
                throw new StartException(ExitCode.USAGE, "change wants --quantity or --amount");
            }
            return desk.changeSubscription(
                    operator,
                    ourId,
                    quantity == null ? OptionalInt.empty() : OptionalInt.of(quantity),
                    amount == null ? OptionalLong.empty() : OptionalLong.of(amount),
                    key == null ? UUID.randomUUID().toString() : key);
        }
    }

    @Command(name = "cancel", description = "End a subscription with its present period.")
    static final class Cancel extends OfSubscription {
        @Option(names = "--now", description = "End it at once.")
        private boolean now;

        @Override
        String action() {
            return now ? "cancel at once" : "cancel with the period";
        }

        @Override
        BillingOutcome ask(BillingDesk desk, String operator, String ourId) throws Exception {
            return desk.cancelSubscription(operator, ourId, now);
        }
    }
}
