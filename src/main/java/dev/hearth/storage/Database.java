package dev.hearth.storage;

import com.zaxxer.hikari.HikariDataSource;
import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.DatabaseLocation.PostgreSql;
import dev.hearth.storage.DatabaseLocation.SqliteFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteJDBCLoader;

/// The database that everything durable is in. Opened once, at start; closed last.
///
/// {@snippet lang=java :
/// try (var database = Database.open(new DatabaseLocation.SqliteFile(Path.of("data/hearth.db")))) {
///     long n = database.read(tx -> tx.first("SELECT count(*) AS n FROM payment", row -> row.number("n")))
///             .orElseThrow();
///     database.write(tx -> tx.update("UPDATE payment SET state = ? WHERE id = ?", "paid", id));
/// }
/// }
///
/// Safe for many threads. On SQLite one write transaction runs at a time, in this process in the order in which
/// they came, among processes by SQLite's own lock; those that wait for each other are committed together.
/// Readers never wait for a writer. Several processes may open
/// one SQLite file (the command line beside the server), but only one may serve it: [#claimForServing].
public final class Database implements AutoCloseable {

    /// Work in a transaction: commits when it returns, rolls back when it throws.
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T run(Transaction transaction) throws X, SQLException;
    }

    private static final int SQLITE_READERS = 8;

    /// Of each connection, taken as it is used and kept: enough for what a group of events touches. What is not in it is
    /// in the kernel's cache of the file; four times as much saved not one read of a hundred.
    private static final int CACHE_KIBIBYTES = 2 * 1024;

    /// Four times SQLite's own: a page that many commits change is copied back once for all of them.
    private static final int CHECKPOINT_PAGES = 4_000;

    private static final int PAGE_SIZE = 4_096;
    private static final int BUSY_MILLIS = 5_000;
    private static final Duration LONGEST_GROUP = Duration.ofMillis(5); // a few fsyncs
    private static final int OLDEST_POSTGRESQL = 15;

    private final DatabaseLocation location;
    private final Dialect dialect;
    private final TransactionSource writers;
    private final TransactionSource singles;
    private final TransactionSource readers;
    private final DatabaseClock clock;

    private Database(
            DatabaseLocation location,
            Dialect dialect,
            TransactionSource writers,
            TransactionSource singles,
            TransactionSource readers) {
        this.location = location;
        this.dialect = dialect;
        this.writers = writers;
        this.singles = singles;
        this.readers = readers;
        this.clock = new DatabaseClock(InstantSource.system());
    }

    /// Opens the database, brings its schema up to date and fills the pool.
    ///
    /// @throws CannotStartException if the database cannot be used as it is; says why in one sentence
    public static Database open(DatabaseLocation location) {
        return switch (location) {
            case SqliteFile sqlite -> openSqlite(sqlite, LONGEST_GROUP);
            case PostgreSql postgres -> openPostgreSql(postgres);
        };
    }

    /// Loads what opening a SQLite file needs, whichever: most of a driver's first connection. May run beside all
    /// else, on another thread; without it all works as well.
    public static void prepareSqlite() {
        var _ = new SQLiteConfig();
        var _ = SQLiteJDBCLoader.getVersion(); // loads what loads the library
    }

    /// What stands for a connection that was closed, which the pool weaves at run time.
    static final String WOVEN = "com.zaxxer.hikari.pool.ProxyConnection$ClosedConnection";

    /// Loads what takes the pool of connections long.
    public static void preparePool() {
        try {
            Class.forName(WOVEN);
        } catch (ClassNotFoundException renamed) {
            // A newer pool; it makes its own at its time.
        }
    }

    /// Opens the database for a process that answers one request: as [#open], with one connection in place of
    /// a pool, whose start would take longer than the request.
    ///
    /// @throws CannotStartException as [#open]
    public static Database openForOneRequest(DatabaseLocation location) {
        // No pattern switch: the first one in a process costs several milliseconds.
        if (!(location instanceof SqliteFile sqlite)) {
            return open(location);
        }
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

    /// As [#open]; says how long one write waits at the most for others to begin, with which it shares its commit.
    static Database openSqlite(SqliteFile location, Duration longestGroup) {
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
                                            pool(
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
                                    pool("hearth-reader", source, SQLITE_READERS, true), "BEGIN"));
                });
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

    private static Database openPostgreSql(PostgreSql location) {
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
            Connections pool = pool("hearth", source, location.connections(), false);
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
        } catch (SQLException failed) {
            throw new CannotStartException(
                    Kind.TEMPORARY,
                    "The database %s cannot be reached: %s."
                            .formatted(location, failed.getMessage()),
                    failed);
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

    private static Connections pool(String name, DataSource source, int size, boolean autoCommit)
            throws SQLException {
        // Made without a HikariConfig, which would be copied by reflection.
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setDataSource(source);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(Math.min(size, 2));
        pool.setAutoCommit(autoCommit);
        pool.setConnectionTimeout(BUSY_MILLIS);
        pool.setValidationTimeout(2_000);
        pool.getConnection().close(); // starts it
        return new PooledConnections(pool);
    }

    /// The time by which everyone who uses this database agrees: the server's on PostgreSQL, this machine's
    /// on SQLite. Asks nobody when it is read; [#adjustClock] measures.
    public InstantSource clock() {
        return clock;
    }

    /// Measures how far this machine's clock is from the database server's, with one short query. The
    /// inbox's worker does so every few seconds.
    public void adjustClock() throws SQLException {
        if (dialect == Dialect.POSTGRESQL) {
            Instant asked = Instant.now();
            read(tx ->
                            tx.first(
                                    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
                                            + " AS now",
                                    row -> row.instant("now")))
                    .ifPresent(server -> clock.set(server, asked));
        }
    }

    /// Whether the schema is the one that this program knows: another one may have changed it since the start.
    public boolean isUpToDate() throws SQLException {
        return read(tx -> tx.first(Migrations.VERSION, row -> row.integer("newest")))
                .filter(newest -> newest == Migrations.NEWEST)
                .isPresent();
    }

    /// Whether it takes writes. A PostgreSQL server that follows another one does not.
    public boolean takesWrites() throws SQLException {
        return dialect != Dialect.POSTGRESQL
                || read(tx ->
                                tx.first(
                                        "SELECT current_setting('transaction_read_only') AS it",
                                        row -> row.text("it")))
                        .filter("off"::equals)
                        .isPresent();
    }

    /// How its pools stand at this moment.
    public List<PoolFigures> pools() {
        return readers.equals(writers)
                ? List.of(writers.figures())
                : List.of(writers.figures(), readers.figures());
    }

    /// Connections for a library that ends its transactions by itself: on SQLite each statement is one, and
    /// there is one connection; on PostgreSQL it must commit.
    public DataSource connections() {
        return writers.pool();
    }

    /// Which SQL it speaks.
    public Dialect dialect() {
        return dialect;
    }

    /// Where it is.
    public DatabaseLocation location() {
        return location;
    }

    /// Runs `work` in a transaction that may write, and commits it. Work that throws is rolled back.
    ///
    /// @throws SQLException if the database failed; where the commit itself failed the outcome is not
    ///     known, so what is written must be safe to write again
    public <T, X extends Exception> T write(Work<T, X> work) throws X, SQLException {
        return inTransaction(writers, work);
    }

    /// Runs `work` as [#write], perhaps on another thread: on SQLite whoever has the turn to write does what waits for
    /// it, so that many short transactions at once wake a thread each once and not twice. For work that is short,
    /// begins with a statement, waits for nothing but the database, and neither reads nor leaves anything that belongs to
    /// a thread.
    public <T, X extends Exception> T writeOnAnyThread(Work<T, X> work) throws X, SQLException {
        if (!(writers instanceof SharedCommits shared)) {
            return write(work);
        }
        Errand<T, X> errand = new Errand<>(work, new Transaction(shared, dialect));
        shared.run(errand);
        return errand.outcome();
    }

    /// Runs `work` of one statement, as [#write]: on PostgreSQL it goes to the server once and not once more to commit.
    public <T, X extends Exception> T writeOnce(Work<T, X> work) throws X, SQLException {
        return inTransaction(singles, work);
    }

    /// Runs `work` in a transaction that only reads. On SQLite it sees one moment and waits for no writer.
    public <T, X extends Exception> T read(Work<T, X> work) throws X, SQLException {
        return inTransaction(readers, work);
    }

    private <T, X extends Exception> T inTransaction(TransactionSource source, Work<T, X> work)
            throws X, SQLException {
        Transaction transaction = new Transaction(source, dialect);
        T result;
        try {
            result = work.run(transaction);
            transaction.commit();
        } catch (Throwable failed) {
            undo(transaction, failed);
            throw failed;
        }
        transaction.release();
        transaction.runAfterCommit();
        return result;
    }

    private static void undo(Transaction transaction, Throwable failed) {
        try {
            transaction.rollback();
        } catch (SQLException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
        try {
            transaction.release();
        } catch (SQLException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /// Makes and changes the application's own tables: each script is applied once, in this order, by
    /// whichever process comes first. A script may hold several statements. Later ones are added behind;
    /// one that was applied may not change.
    ///
    /// {@snippet lang=java :
    /// app.database().migrate("CREATE TABLE cake (id TEXT PRIMARY KEY, name TEXT NOT NULL)");
    /// }
    ///
    /// @throws CannotStartException if a script fails, and then none of them was applied, or if the database
    ///     has seen other scripts
    public void migrate(String... scripts) {
        ApplicationScripts.apply(this, ApplicationScripts.of(scripts));
    }

    /// As [#migrate(String...)], with the scripts of a folder: `V1__tables.sql`, `V2__phone.sql`, or in
    /// folders `sqlite` and `postgresql` where the two need different ones.
    public void migrate(Path folder) {
        ApplicationScripts.apply(this, ApplicationScripts.in(folder, dialect));
    }

    /// Marks this process as the one that serves this database, until closed. On PostgreSQL any number may.
    ///
    /// @throws CannotStartException if another process serves this SQLite file already
    public AutoCloseable claimForServing() {
        return switch (location) {
            case SqliteFile(Path file) ->
                    SqliteFiles.lock(
                            file,
                            "serving",
                            "The database "
                                    + file.toString().replace("%", "%%")
                                    + " is served by %s already: stop it first, or use"
                                    + " PostgreSQL.");
            case PostgreSql _ -> () -> {};
        };
    }

    /// Closes every connection. Harmless when closed already.
    @Override
    public void close() {
        readers.close();
        writers.close();
    }
}
