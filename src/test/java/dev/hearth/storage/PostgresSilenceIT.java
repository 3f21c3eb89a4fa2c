package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.storage.DatabaseLocation.PostgreSql;
import dev.hearth.testing.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A server that says nothing: frozen, or its machine gone without a word.
class PostgresSilenceIT {
    private static final Database.Work<Integer, SQLException> LIMIT =
            tx -> tx.connection().getNetworkTimeout();

    private final PostgreSql made = PostgresServer.shared().newDatabase();

    @Test
    void what_is_brief_is_given_up_and_the_next_has_another_connection() throws Exception {
        PostgreSql two = new PostgreSql(made.url(), made.user(), made.password(), 2);
        try (Database database = Database.open(two)) {
            Database.Work<Integer, SQLException> silent =
                    tx -> tx.query("SELECT 1 FROM pg_sleep(60)", row -> 1).size();

            assertThatThrownBy(() -> database.writeWithin(Duration.ofMillis(200), silent))
                    .isInstanceOf(SQLException.class)
                    .satisfies(failed ->
                            assertThat(database.dialect().isAway((SQLException) failed)).isTrue());
            assertThatThrownBy(() -> database.readWithin(Duration.ofMillis(200), silent))
                    .isInstanceOf(SQLException.class);

            assertThat(database.write(LIMIT)).isEqualTo(300_000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                  300000, 10000",
        "?socketTimeout=0,    0,      10000",
        "?socketTimeout=7,    7000,   7000",
        "?sslmode=prefer&socketTimeout=7, 7000, 7000",
        "?socketTimeout=1000, 1000000, 10000",
    })
    void the_url_says_how_long_an_application_waits(String query, int usual, int brief)
            throws Exception {
        PostgreSql two = new PostgreSql(made.url() + query, made.user(), made.password(), 2);
        try (Database database = Database.open(two)) {
            assertThat(database.writeWithin(Database.BRIEF, LIMIT)).isEqualTo(brief);
            assertThat(database.readWithin(Database.BRIEF, LIMIT)).isEqualTo(brief);
            assertThat(database.writeOnce(LIMIT)).isEqualTo(brief);
            assertThat(database.writeWithin(Duration.ZERO, LIMIT)).isZero();
            assertThat(database.write(LIMIT)).isEqualTo(usual);
            assertThat(database.read(LIMIT)).isEqualTo(usual);
        }
    }
}
