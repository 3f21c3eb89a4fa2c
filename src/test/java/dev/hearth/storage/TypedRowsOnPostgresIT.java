package dev.hearth.storage;

import dev.hearth.testing.PostgresServer;

class TypedRowsOnPostgresIT extends TypedRowsContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
