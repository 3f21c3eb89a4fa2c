package dev.hearth.storage;

import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.DatabaseLocation.SqliteFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteJDBCLoader;

/// Opens SQLite files: how each connection is set up, and which do what.
final class SqliteOpening {
    private static final int SQLITE_READERS = 8;

    /// Of each connection, taken as it is used and kept: enough for what a group of events touches. What is not in it is
    /// in the kernel's cache of the file; four times as much saved not one read of a hundred.
    private static final int CACHE_KIBIBYTES = 2 * 1024;

    /// Four times SQLite's own: a page that many commits change is copied back once for all of them.
    private static final int CHECKPOINT_PAGES = 4_000;

    private static final int PAGE_SIZE = 4_096;
    private static final int BUSY_MILLIS = 5_000;
    private static final Duration LONGEST_GROUP = Duration.ofMillis(5); // a few fsyncs

    private SqliteOpening() {}

    static Database open(SqliteFile location) {
        return open(location, LONGEST_GROUP);
    }

    /// Says how long one write waits at the most for others to begin, with which it shares its commit.
    static Database open(SqliteFile location, Duration longestGroup) {
        SqliteFiles.prepareFolder(location.file());
        return orSayWhy(
                location,
                () -> {
                    DataSource source = sqlite(location.file());
                    if (Migrations.version(source, Dialect.SQLITE).orElse(0) != Migrations.NEWEST) {
                        migrate(location.file(), source);
                    }
                    TransactionSource writer =
                            new SharedCommits(
                                    new SqliteTransactions(
                                            PooledConnections.start(
                                                    "hearth-writer",
                                                    sqliteWriter(location.file()),
                                                    1,
                                                    true),
                                            "BEGIN IMMEDIATE"),
                                    Duration.ofMillis(BUSY_MILLIS),
                                    longestGroup);
                    return new Database(
                            location,
                            Dialect.SQLITE,
                            writer,
                            writer,
                            new SqliteTransactions(
                                    PooledConnections.start(
                                            "hearth-reader", source, SQLITE_READERS, true),
                                    "BEGIN"));
                });
    }

    /// With one connection in place of a pool.
    static Database openForOneRequest(SqliteFile sqlite) {
        SqliteFiles.prepareFolder(sqlite.file());
        return orSayWhy(
                sqlite,
                () -> {
                    DataSource source = sqlite(sqlite.file());
                    Connections connections = new PlainConnections(source);
                    Connection first = connections.lend();
                    boolean isNewest =
                            Migrations.version(first, Dialect.SQLITE).orElse(0)
                                    == Migrations.NEWEST;
                    connections.release(first);
                    if (!isNewest) {
                        migrate(sqlite.file(), source);
                    }
                    TransactionSource writer =
                            new SqliteTransactions(connections, "BEGIN IMMEDIATE");
                    return new Database(
                            sqlite,
                            Dialect.SQLITE,
                            writer,
                            writer,
                            new SqliteTransactions(connections, "BEGIN"));
                });
    }

    /// As [Database#prepareSqlite].
    static void prepare() {
        var _ = new SQLiteConfig();
        var _ = SQLiteJDBCLoader.getVersion(); // loads what loads the library
    }

    private static void migrate(Path file, DataSource source) throws Exception {
        // Flyway has no lock of its own on SQLite: of two first starts one waits here.
        try (AutoCloseable _ = SqliteFiles.lockWaiting(file, "migrating")) {
            Migrations.apply(source, Dialect.SQLITE);
        }
    }

    private static Database orSayWhy(SqliteFile location, Callable<Database> opening) {
        try {
            return opening.call();
        } catch (CannotStartException expected) {
            throw expected;
        } catch (Exception failed) {
            throw new CannotStartException(
                    Kind.CANNOT_CREATE,
                    "The database %s cannot be opened: %s."
                            .formatted(location.file(), failed.getMessage()),
                    failed);
        }
    }

    private static DataSource sqlite(Path file) {
        return SqliteConnection.source(file.toAbsolutePath().toString(), sqliteConfig(file));
    }

    /// For many short transactions: what a savepoint could bring back would else go to a file that is made anew for each
    /// group of them. Readers, who may sort a great deal, go on with files.
    private static DataSource sqliteWriter(Path file) {
        SQLiteConfig config = sqliteConfig(file);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        return SqliteConnection.source(file.toAbsolutePath().toString(), config);
    }

    private static SQLiteConfig sqliteConfig(Path file) {
        SqliteLibrary.keepIn(SqliteFiles.folderOf(file));
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.enforceForeignKeys(true);
        config.setCacheSize(-CACHE_KIBIBYTES);
        config.setPragma(
                SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(CHECKPOINT_PAGES));
        config.setJournalSizeLimit(4 * CHECKPOINT_PAGES * PAGE_SIZE);
        return config;
    }
}
