package dev.hearth.storage;

import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.DatabaseLocation.PostgreSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// Opens PostgreSQL databases.
final class PostgreSqlOpening {
    private static final int OLDEST_POSTGRESQL = 15;

    private PostgreSqlOpening() {}

    static Database open(PostgreSql location) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(location.url());
        if (!location.user().isEmpty()) {
            source.setUser(location.user());
        }
        if (!location.password().isEmpty()) {
            source.setPassword(location.password());
        }
        source.setApplicationName("hearth");
        source.setTcpKeepAlive(true);
        source.setLogServerErrorDetail(false); // the detail of an error quotes whole rows
        source.setConnectTimeout(3);
        source.setLoginTimeout(5);
        try {
            requireVersion(source);
            Migrations.apply(source, Dialect.POSTGRESQL);
            Connections pool =
                    PooledConnections.start("hearth", source, location.connections(), false);
            TransactionSource transactions = new JdbcTransactions(pool);
            Database database =
                    new Database(
                            location,
                            Dialect.POSTGRESQL,
                            transactions,
                            new JdbcStatements(pool),
                            transactions);
            database.adjustClock();
            return database;
        } catch (CannotStartException stopped) {
            throw PostgreSqlRefusal.of(stopped, location).orElse(stopped);
        } catch (SQLException failed) {
            throw PostgreSqlRefusal.of(failed, location)
                    .orElseGet(() ->
                            new CannotStartException(
                                    Kind.TEMPORARY,
                                    "The database %s cannot be reached: %s."
                                            .formatted(location, failed.getMessage()),
                                    failed));
        }
    }

    private static void requireVersion(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SHOW server_version_num")) {
            version.next();
            int major = version.getInt(1) / 10_000;
            if (major < OLDEST_POSTGRESQL) {
                throw new CannotStartException(
                        Kind.CONFIGURATION,
                        "The database server is PostgreSQL %d; Hearth needs %d or newer."
                                .formatted(major, OLDEST_POSTGRESQL));
            }
        }
    }
}
