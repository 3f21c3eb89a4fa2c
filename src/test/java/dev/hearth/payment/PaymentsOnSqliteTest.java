package dev.hearth.payment;

import dev.hearth.storage.DatabaseLocation;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// Everything that payments promise, on SQLite.
class PaymentsOnSqliteTest {
    @TempDir Path folder;

    @Nested
    class Creating extends CreatingContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Changing extends ChangingContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Events extends EventsContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Faults extends FaultsContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class LateAnswers extends LateAnswersContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Settlement extends SettlementContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Books extends BooksContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Desk extends DeskContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Cashier extends CashierContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Subscriptions extends SubscriptionsContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Invoices extends InvoicesContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Balance extends BalanceContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Billing extends BillingContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Lean extends LeanStripeContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }
}
