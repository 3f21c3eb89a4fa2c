package dev.hearth.storage;

class TypedValuesOnSqliteTest extends TypedValuesContract {
    @Override
    DatabaseLocation location() {
        return new DatabaseLocation.SqliteFile(folder.resolve("hearth.db"));
    }
}
