package dev.hearth.operator;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;

class SignInOnPostgresIT extends SignInContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
