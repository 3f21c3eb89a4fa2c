package dev.hearth.operator;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;

class OperatorSiteOnPostgresIT extends OperatorSiteContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
