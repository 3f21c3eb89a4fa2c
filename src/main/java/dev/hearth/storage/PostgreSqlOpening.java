package dev.hearth.storage;

import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.DatabaseLocation.PostgreSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// Opens PostgreSQL databases.
final class PostgreSqlOpening {
    private static final int OLDEST_POSTGRESQL = 15;

    /// In seconds, for whatever an application asks: a server whose machine went away without a word would else keep its
    /// clients, and with them the whole pool, for as long as TCP tries, a quarter of an hour to two hours. Scripts that
    /// change tables may take longer.
    private static final int LONGEST_SILENCE = 300;

    private static final String NO_RIGHT = "42501";

    /// Those that the scripts make; a test holds them together.
    static final List<String> TABLES =
            List.of(
                    "api_call",
                    "application_migration",
                    "audit",
                    "balance_check",
                    "client_idempotency",
                    "dispute",
                    "invoice",
                    "job_failure",
                    "journal",
                    "journal_entry",
                    "operator",
                    "operator_session",
                    "outgoing_attempt",
                    "outgoing_webhook",
                    "payment",
                    "payment_step",
                    "reconcile_cursor",
                    "refund",
                    "scheduled_tasks",
                    "subscription",
                    "webhook_attempt",
                    "webhook_inbox");

    /// One right after the other: of several in one text it would be enough to have one. Whoever takes the right to change
    /// what is only ever added to, or to delete, may do so.
    private static final String WITHOUT_RIGHTS =
            """
            SELECT name
              FROM unnest(?::text[]) AS name, to_regclass(name) AS made
             WHERE NOT (has_table_privilege(made, 'SELECT')
                        AND has_table_privilege(made, 'INSERT')
                        AND (name IN ('audit', 'journal', 'journal_entry')
                             OR has_table_privilege(made, 'UPDATE')))
             ORDER BY name
             LIMIT 1
            """;

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
            bringUpToDate(source);
            if (!saysHowLong(location.url())) {
                source.setSocketTimeout(LONGEST_SILENCE);
            }
            Connections pool =
                    PooledConnections.start("hearth", source, location.connections(), false);
            TransactionSource transactions = new JdbcTransactions(pool);
            Database database =
                    new Database(
                            location,
                            Dialect.POSTGRESQL,
                            transactions,
                            new JdbcStatements(pool.within(Database.BRIEF)),
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

    /// The data source tells 0 of a URL that says so, and of one that does not.
    private static boolean saysHowLong(String url) {
        return url.contains("?socketTimeout=") || url.contains("&socketTimeout=");
    }

    private static void bringUpToDate(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            requireVersion(connection);
            Migrations.apply(source, Dialect.POSTGRESQL);
            requireRights(connection);
        }
    }

    /// The history alone tells nothing of the tables: a user who may read it would start, and be refused with the first
    /// event.
    private static void requireRights(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WITHOUT_RIGHTS)) {
            statement.setArray(1, connection.createArrayOf("text", TABLES.toArray()));
            try (ResultSet without = statement.executeQuery()) {
                if (without.next()) {
                    throw new SQLException(
                            "permission denied for table " + without.getString(1), NO_RIGHT);
                }
            }
        }
    }

    private static void requireVersion(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
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
