package dev.hearth.payment;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;
import org.junit.jupiter.api.Nested;

/// Everything that payments promise, on PostgreSQL.
class PaymentsOnPostgresIT {

    @Nested
    class Creating extends CreatingContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Changing extends ChangingContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Events extends EventsContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Faults extends FaultsContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class LateAnswers extends LateAnswersContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Settlement extends SettlementContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Books extends BooksContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Desk extends DeskContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Cashier extends CashierContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Subscriptions extends SubscriptionsContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Invoices extends InvoicesContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Balance extends BalanceContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Billing extends BillingContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Lean extends LeanStripeContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }
}
