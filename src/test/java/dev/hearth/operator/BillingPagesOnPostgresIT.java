package dev.hearth.operator;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;

class BillingPagesOnPostgresIT extends BillingPagesContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
