package dev.hearth.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What must hold on either database: a new one for each test.
abstract class DatabaseContract {
    @TempDir Path folder;
    Database database;

    abstract DatabaseLocation location();

    @BeforeEach
    void open() {
        database = Database.open(location());
    }

    @AfterEach
    void close() {
        database.close();
    }

    <T> Optional<T> first(Class<T> type, String sql) throws SQLException {
        return database.read(tx -> tx.first(type, sql));
    }

    <T> List<T> all(Class<T> type, String sql, Object... parameters) throws SQLException {
        return database.read(tx -> tx.query(type, sql, parameters));
    }

    <T> List<T> rows(String sql, Transaction.RowReader<T> reader) throws SQLException {
        return database.read(tx -> tx.query(sql, reader));
    }
}
