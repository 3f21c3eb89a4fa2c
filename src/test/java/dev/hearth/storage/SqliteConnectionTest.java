package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Properties;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteJDBCLoader;

class SqliteConnectionTest {
    private static final String INSERT = "INSERT INTO t (a) VALUES (?)";

    @TempDir Path folder;
    private SqliteConnection connection;

    @BeforeEach
    void open() throws SQLException {
        Connection opened =
                SqliteConnection.source(folder.resolve("t.db").toString(), new SQLiteConfig())
                        .getConnection();
        connection = (SqliteConnection) opened;
        run("CREATE TABLE t (a TEXT PRIMARY KEY)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int insert(String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, value);
            return statement.executeUpdate();
        }
    }

    private String first(String sql, String column) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getString(column) : "nothing";
        }
    }

    @Test
    void a_statement_is_prepared_once_and_its_values_are_forgotten() throws SQLException {
        assertThat(insert("x")).isEqualTo(1);
        try (PreparedStatement again = connection.prepareStatement(INSERT)) {
            assertThat(connection.kept()).isZero();
            again.executeUpdate();
        }
        assertThat(connection.kept()).isEqualTo(1);
        assertThat(insert("y")).isEqualTo(1);

        assertThat(first("SELECT group_concat(a) AS names FROM t", "names")).isEqualTo("x,y");
        assertThat(first("SELECT count(rowid) AS n FROM t", "n")).isEqualTo("3");
    }

    @Test
    void two_of_the_same_text_can_be_in_use() throws SQLException {
        insert("x");
        insert("y");
        String sql = "SELECT a FROM t ORDER BY a";
        try (PreparedStatement outer = connection.prepareStatement(sql);
                ResultSet rows = outer.executeQuery()) {
            rows.next();
            assertThat(first(sql, "a")).isEqualTo("x");
            rows.next();
            assertThat(rows.getString("a")).isEqualTo("y");
        }
        assertThat(first(sql, "a")).isEqualTo("x");
    }

    @Test
    void a_statement_that_was_refused_can_be_used_again() throws SQLException {
        insert("x");
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insert("x"));
        assertThat(insert("y")).isEqualTo(1);
    }

    @Test
    void a_table_that_was_changed_is_seen_as_it_is() throws SQLException {
        insert("x");
        String all = "SELECT * FROM t";
        assertThat(first(all, "a")).isEqualTo("x");
        run("ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'new'");
        assertThat(first(all, "b")).isEqualTo("new");
        run("CREATE TABLE other (b TEXT, a TEXT)");
        run("INSERT INTO other SELECT b, a FROM t");
        run("DROP TABLE t");
        run("ALTER TABLE other RENAME TO t");
        assertThat(first(all, "a")).isEqualTo("x");
        assertThat(insert("z")).isEqualTo(1);
    }

    @Test
    void a_statement_that_is_closed_holds_no_lock() throws SQLException {
        insert("x");
        assertThat(first("SELECT a FROM t", "a")).isEqualTo("x");
        run("DROP TABLE t");
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insert("y"));
    }

    @Test
    void those_unused_longest_go_first() throws SQLException {
        insert("x");
        for (int i = 0; i < 100; i++) {
            first("SELECT a FROM t WHERE a <> '" + i + "'", "a");
            first("SELECT a FROM t", "a");
        }
        assertThat(connection.kept()).isEqualTo(64);
    }

    @Test
    void generated_keys_are_there_for_who_asks_for_them() throws SQLException {
        run("CREATE TABLE numbered (id INTEGER PRIMARY KEY, a TEXT)");
        String sql = "INSERT INTO numbered (a) VALUES ('x')";
        try (PreparedStatement statement =
                connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            statement.executeUpdate();
            try (ResultSet keys = statement.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
                assertThat(keys.getLong(1)).isEqualTo(1);
            }
        }
    }

    @Test
    void it_closes_with_statements_in_hand() throws SQLException {
        PreparedStatement open = connection.prepareStatement(INSERT);
        connection.close();
        open.close();
        assertThat(open.isClosed()).isTrue();
    }

    @Test
    void the_version_is_that_of_the_drivers_jar() throws IOException {
        Properties driver = new Properties();
        try (InputStream packed =
                SQLiteConfig.class.getResourceAsStream(
                        "/META-INF/maven/org.xerial/sqlite-jdbc/pom.properties")) {
            driver.load(packed);
        }

        assertThat(SQLiteJDBCLoader.getVersion())
                .as("SQLiteJDBCLoader$VersionHolder has to say what the driver's jar says")
                .isEqualTo(driver.getProperty("version"));
    }

    @Test
    void dates_that_are_text_are_read_and_written_as_the_driver_does() throws SQLException {
        SQLiteConfig text = new SQLiteConfig();
        text.setDateClass("TEXT");
        Timestamp noon = Timestamp.valueOf("2026-07-01 12:00:00.125");
        Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
        try (Connection dated =
                        SqliteConnection.source(folder.resolve("t.db").toString(), text)
                                .getConnection();
                PreparedStatement insert = dated.prepareStatement(INSERT);
                PreparedStatement select = dated.prepareStatement("SELECT a FROM t")) {
            insert.setTimestamp(1, noon);
            insert.executeUpdate();
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.getString(1)).isEqualTo("2026-07-01 12:00:00.125");
                assertThat(rows.getTimestamp(1)).isEqualTo(noon);
                assertThat(rows.getTimestamp(1, tokyo).toInstant())
                        .isEqualTo("2026-07-01T03:00:00.125Z");
            }
        }
    }
}
