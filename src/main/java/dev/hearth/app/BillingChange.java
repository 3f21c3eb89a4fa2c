package dev.hearth.app;

import dev.hearth.payment.BillingDesk;
import dev.hearth.payment.BillingOutcome;
import dev.hearth.payment.BillingRecords;
import dev.hearth.payment.PaymentCall;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Parameters;

/// Changes a subscription or an invoice. It is written down here, and done by the server, if it runs.
abstract class BillingChange extends DatabaseCommand {
    @Parameters(paramLabel = "ID", description = "Our id, Stripe's, or the order reference.")
    private String id = "";

    /// Our own id of what was named.
    ///
    /// @throws StartException if there is nothing of this name
    abstract String ourId(BillingRecords records, String named) throws Exception;

    /// What the audit calls it.
    abstract String action();

    /// What is changed: `subscription` or `invoice`.
    abstract String kind();

    abstract BillingOutcome ask(BillingDesk desk, String operator, String ourId) throws Exception;

    abstract List<PaymentCall> calls(BillingRecords records, String ourId) throws Exception;

    /// As it is now, for people or for programs.
    abstract String text(BillingRecords records, String ourId) throws Exception;

    @Override
    final ExitCode on(Database database) throws Exception {
        Payments open = Payments.beside(database, InstantSource.system());
        BillingRecords records = open.billing();
        String ours = ourId(records, id);
        BillingOutcome outcome = ask(open.billingDesk(), operator(), ours);
        note(database, action(), kind() + " " + ours, outcome.words());
        boolean done =
                switch (outcome) {
                    case BillingOutcome.Done _ -> true;
                    case BillingOutcome.Unknown _ ->
                            WrittenCall.await(() -> calls(records, ours).getLast());
                    case BillingOutcome.Refused(String reason) ->
                            throw new StartException(ExitCode.FAILED, reason);
                };
        System.out.print(text(records, ours));
        if (!done) {
            System.err.println("It is written down, and Hearth does it once, as soon as it runs.");
        }
        return done ? ExitCode.OK : ExitCode.TEMPORARY;
    }
}
