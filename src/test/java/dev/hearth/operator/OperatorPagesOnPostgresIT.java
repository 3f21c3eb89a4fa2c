package dev.hearth.operator;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;

class OperatorPagesOnPostgresIT extends OperatorPagesContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
