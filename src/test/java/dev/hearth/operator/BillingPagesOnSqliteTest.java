package dev.hearth.operator;

import dev.hearth.storage.DatabaseLocation;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class BillingPagesOnSqliteTest extends BillingPagesContract {
    @TempDir Path folder;

    @Override
    DatabaseLocation location() {
        return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
    }
}
