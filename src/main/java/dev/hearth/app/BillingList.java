package dev.hearth.app;

import dev.hearth.payment.BillingFilter;
import dev.hearth.payment.BillingPage;
import dev.hearth.payment.BillingRecords;
import dev.hearth.storage.Database;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// Lists subscriptions or invoices, the newest first.
abstract class BillingList<T> extends DatabaseCommand {
    @Mixin private ListOptions options = new ListOptions();

    /// The only state that is wanted, or nothing for all.
    abstract @Nullable String state();

    abstract BillingPage<T> list(BillingRecords records, BillingFilter filter) throws SQLException;

    abstract String json(T row);

    abstract String table(BillingPage<T> page);

    @Override
    final ExitCode on(Database database) throws Exception {
        BillingPage<T> page = list(new BillingRecords(database), filter());
        if (json()) {
            page.rows().forEach(row -> System.out.print(json(row)));
        } else {
            System.out.print(table(page));
            page.next().ifPresent(next -> System.out.println("More: --after " + next));
        }
        return ExitCode.OK;
    }

    private BillingFilter filter() throws StartException {
        String wanted = state();
        try {
            BillingFilter filter = BillingFilter.ALL.atMost(options.limit());
            filter = wanted == null ? filter : filter.in(wanted);
            filter = options.text().map(filter::matching).orElse(filter);
            return options.after().map(filter::after).orElse(filter);
        } catch (IllegalArgumentException wrong) {
            throw misused(wrong);
        }
    }
}
