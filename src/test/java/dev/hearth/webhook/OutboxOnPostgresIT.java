package dev.hearth.webhook;

import dev.hearth.storage.DatabaseLocation;

class OutboxOnPostgresIT extends OutboxContract {
    @Override
    DatabaseLocation location() {
        return dev.hearth.testing.PostgresServer.shared().newDatabase();
    }
}
