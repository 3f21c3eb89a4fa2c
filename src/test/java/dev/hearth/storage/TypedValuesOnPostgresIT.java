package dev.hearth.storage;

import dev.hearth.testing.PostgresServer;

class TypedValuesOnPostgresIT extends TypedValuesContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
