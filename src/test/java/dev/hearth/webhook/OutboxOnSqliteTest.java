package dev.hearth.webhook;

import dev.hearth.storage.DatabaseLocation;

class OutboxOnSqliteTest extends OutboxContract {
    @Override
    DatabaseLocation location() {
        return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
    }
}
