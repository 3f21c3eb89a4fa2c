package dev.hearth.storage;

import dev.hearth.storage.DatabaseLocation.PostgreSql;
import dev.hearth.storage.DatabaseLocation.SqliteFile;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;

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

    /// What waits for no lock and takes milliseconds is given up after this long; the server is frozen, or gone.
    public static final Duration BRIEF = Duration.ofSeconds(10);

    private final DatabaseLocation location;
    private final Dialect dialect;
    private final TransactionSource writers;
    private final TransactionSource singles;
    private final TransactionSource readers;
    private final DatabaseClock clock;

    Database(
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
        // No pattern switch, here and below: each is a class that is spun at run time, within the
        // start.
        return location instanceof SqliteFile sqlite
                ? SqliteOpening.open(sqlite)
                : PostgreSqlOpening.open((PostgreSql) location);
    }

    /// Opens the database for a process that answers one request: as [#open], with one connection in place of
    /// a pool, whose start would take longer than the request.
    ///
    /// @throws CannotStartException as [#open]
    public static Database openForOneRequest(DatabaseLocation location) {
        return location instanceof SqliteFile sqlite
                ? SqliteOpening.openForOneRequest(sqlite)
                : open(location);
    }

    /// Loads what opening a SQLite file needs, whichever: most of a driver's first connection. May run beside all
    /// else, on another thread; without it all works as well.
    public static void prepareSqlite() {
        SqliteOpening.prepare();
    }

    /// As [#prepareSqlite], what takes the pool of connections long.
    public static void preparePool() {
        PooledConnections.prepare();
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
            readWithin(
                            BRIEF,
                            tx ->
                                    tx.first(
                                            "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
                                                    + " AS now",
                                            row -> row.instant("now")))
                    .ifPresent(server -> clock.set(server, asked));
        }
    }

    /// Whether the schema is the one that this program knows: another one may have changed it since the start.
    public boolean isUpToDate() throws SQLException {
        return readWithin(BRIEF, tx -> tx.first(Migrations.VERSION, row -> row.integer("newest")))
                .filter(newest -> newest == Migrations.NEWEST)
                .isPresent();
    }

    /// Asks it whether it takes writes. A PostgreSQL server that follows another one does not.
    public boolean takesWrites() throws SQLException {
        return readWithin(BRIEF, tx -> tx.first(dialect.selectReadOnly(), row -> row.text("it")))
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

    /// Runs `work` as [#write], which fails where PostgreSQL says nothing for so long, in the middle of it or at its end.
    /// [#write] waits five minutes, or as long as `socketTimeout` of the URL says.
    ///
    /// @param silence zero for ever
    public <T, X extends Exception> T writeWithin(Duration silence, Work<T, X> work)
            throws X, SQLException {
        return inTransaction(writers.within(silence), work);
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

    /// Runs `work` of one statement, as [#write]: on PostgreSQL it goes to the server once and not once more to commit, and
    /// fails where the server is silent for longer than [#BRIEF].
    public <T, X extends Exception> T writeOnce(Work<T, X> work) throws X, SQLException {
        return inTransaction(singles, work);
    }

    /// Runs `work` in a transaction that only reads. On SQLite it sees one moment and waits for no writer.
    public <T, X extends Exception> T read(Work<T, X> work) throws X, SQLException {
        return inTransaction(readers, work);
    }

    /// Runs `work` as [#read], which fails where PostgreSQL says nothing for so long.
    ///
    /// @param silence zero for ever
    public <T, X extends Exception> T readWithin(Duration silence, Work<T, X> work)
            throws X, SQLException {
        return inTransaction(readers.within(silence), work);
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
        if (!(location instanceof SqliteFile(Path file))) {
            return () -> {};
        }
        return SqliteFiles.lock(
                file,
                "serving",
                "The database "
                        + file.toString().replace("%", "%%")
                        + " is served by %s already: stop it first, or use PostgreSQL.");
    }

    /// Closes every connection. Harmless when closed already.
    @Override
    public void close() {
        readers.close();
        writers.close();
    }
}
