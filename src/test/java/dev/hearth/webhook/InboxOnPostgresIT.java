package dev.hearth.webhook;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;
import org.junit.jupiter.api.Nested;

class InboxOnPostgresIT {
    @Nested
    class Receiving extends ReceivingContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Handling extends HandlingContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Order extends OrderContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Failure extends FailureContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Records extends RecordsContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }

    @Nested
    class Search extends SearchContract {
        @Override
        DatabaseLocation location() {
            return PostgresServer.shared().newDatabase();
        }
    }
}
