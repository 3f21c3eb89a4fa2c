package dev.hearth.webhook;

import dev.hearth.storage.DatabaseLocation;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class InboxOnSqliteTest {
    @TempDir Path folder;

    @Nested
    class Receiving extends ReceivingContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Handling extends HandlingContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Order extends OrderContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Failure extends FailureContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Records extends RecordsContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }

    @Nested
    class Search extends SearchContract {
        @Override
        DatabaseLocation location() {
            return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
        }
    }
}
