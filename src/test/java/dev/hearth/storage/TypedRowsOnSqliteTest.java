package dev.hearth.storage;

class TypedRowsOnSqliteTest extends TypedRowsContract {
    @Override
    DatabaseLocation location() {
        return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
    }
}
