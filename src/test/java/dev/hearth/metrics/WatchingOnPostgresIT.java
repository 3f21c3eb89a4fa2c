package dev.hearth.metrics;

import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.PostgresServer;

class WatchingOnPostgresIT extends WatchingContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }
}
