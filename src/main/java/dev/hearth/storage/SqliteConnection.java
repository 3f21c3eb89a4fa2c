package dev.hearth.storage;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Properties;
import java.util.SequencedMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/// A connection to SQLite that keeps its prepared statements: to prepare one takes longer than to run it, and the
/// driver does it anew each time.
///
/// A statement with a `*` is not kept: SQLite prepares it again when a table has changed, and the driver would
/// go on with the columns that it had before.
///
/// The driver asks for the last row's number after each INSERT; here only where generated keys were asked for.
///
/// For one thread at a time.
final class SqliteConnection extends JDBC4Connection {
    private static final int MOST = 64;

    /// Those that nobody uses now, the one unused longest first.
    private final SequencedMap<String, Kept> idle = new LinkedHashMap<>();

    private SqliteConnection(String url, String file, Properties properties) throws SQLException {
        super(url, file, properties);
    }

    /// Opens connections to a file.
    static DataSource source(String file, SQLiteConfig config) {
        SQLiteDataSource source =
                new SQLiteDataSource(config) {
                    @Override
                    public SQLiteConnection getConnection(
                            @Nullable String user, @Nullable String password) throws SQLException {
                        return new SqliteConnection(getUrl(), file, getConfig().toProperties());
                    }
                };
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    @Override
    public PreparedStatement prepareStatement(
            String sql, int type, int concurrency, int holdability) throws SQLException {
        Kept known = idle.remove(sql);
        if (known != null) {
            known.lent = true;
            return known;
        }
        checkOpen();
        checkCursor(type, concurrency, holdability);
        return new Kept(this, sql);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int generatedKeys) throws SQLException {
        return new JDBC4PreparedStatement(this, sql);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
        return new JDBC4PreparedStatement(this, sql);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
        return new JDBC4PreparedStatement(this, sql);
    }

    private void keep(Kept statement) throws SQLException {
        Kept same = idle.put(statement.text, statement); // two were in use at the same time
        if (same != null) {
            same.end();
        }
        if (idle.size() > MOST) {
            idle.pollFirstEntry().getValue().end();
        }
    }

    /// How many statements are kept now.
    int kept() {
        return idle.size();
    }

    /// A statement that is reset when it is closed, and ends with its connection.
    private static final class Kept extends JDBC4PreparedStatement {
        private final SqliteConnection owner;
        private final String text;
        private boolean lent = true;

        Kept(SqliteConnection owner, String sql) throws SQLException {
            super(owner, sql);
            this.owner = owner;
            this.text = sql;
        }

        @Override
        public void close() throws SQLException {
            if (!lent) {
                return;
            }
            lent = false;
            // After some failures the driver ends a statement by itself.
            if (pointer.isClosed() || owner.isClosed() || text.indexOf('*') >= 0) {
                end();
                return;
            }
            rs.close();
            clearParameters();
            owner.keep(this);
        }

        private void end() throws SQLException {
            super.close();
        }

        @Override
        public boolean isClosed() {
            return !lent;
        }

        @Override
        public void updateGeneratedKeys() {}
    }
}
