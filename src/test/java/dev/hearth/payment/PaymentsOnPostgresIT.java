package dev.hearth.payment;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;

class PaymentsOnPostgresIT extends PaymentsContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
