package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Errors;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.Dialect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseAwayTest {
    private static Response answerTo(Dialect dialect, SQLException failure) throws Exception {
        return Errors.answer(
                new DatabaseAway(dialect)
                        .wrap(_ -> {
                            throw failure;
                        }),
                Requests.get("/orders"));
    }

    @Test
    void a_pool_that_has_no_connection_free_is_503_with_a_time_to_come_again() throws Exception {
        Response response =
                answerTo(Dialect.SQLITE, new SQLTransientConnectionException("waited in vain"));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers().first("Retry-After")).contains("5");
    }

    @ParameterizedTest
    @CsvSource({
        "08006, 503", // the connection was lost
        "53300, 503", // too many connections
        "57P01, 503", // PostgreSQL shuts down
        "25006, 503", // another server has taken its place, and it only reads
        "57014, 500", // a statement was canceled
        "42601, 500", // wrong SQL
        "22001, 500", // a text too long
    })
    void what_postgresql_says_of_itself_is_503_and_what_it_says_of_us_is_500(
            String state, int status) throws Exception {
        assertThat(answerTo(Dialect.POSTGRESQL, new SQLException("it says", state)).status())
                .isEqualTo(status);
    }

    @Test
    void a_locked_sqlite_file_is_away_and_wrong_sql_is_not(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("hearth.db");
        Database.open(new DatabaseLocation.SqliteFile(file)).close();
        String url = "jdbc:sqlite:" + file + "?busy_timeout=1";
        try (Connection one = DriverManager.getConnection(url);
                Connection two = DriverManager.getConnection(url);
                Statement first = one.createStatement();
                Statement second = two.createStatement()) {
            first.execute("BEGIN IMMEDIATE");

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> second.execute("BEGIN IMMEDIATE"))
                    .matches(Dialect.SQLITE::isAway);
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> second.execute("SELECT nonsense FROM nowhere"))
                    .matches(failure -> !Dialect.SQLITE.isAway(failure));
        }
    }
}
