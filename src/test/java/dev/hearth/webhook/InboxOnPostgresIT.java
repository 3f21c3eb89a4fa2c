package dev.hearth.webhook;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;

class InboxOnPostgresIT extends InboxContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
