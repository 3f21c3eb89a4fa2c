package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.DatabaseLocation.PostgreSql;
import dev.hearth.testing.PostgresServer;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who it is that connects.
class PostgresUserIT {
    private final PostgreSql made = PostgresServer.shared().newDatabase();

    private void makeRole(String name) throws SQLException {
        try (Database database = Database.open(made)) {
            database.write(tx ->
                    tx.update(
                            """
                            DO $$ BEGIN
                                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
                                    CREATE ROLE "%1$s" SUPERUSER LOGIN;
                                END IF;
                            END $$
                            """
                                    .formatted(name)));
        }
    }

    private static Optional<String> whoConnects(PostgreSql location) throws SQLException {
        try (Database database = Database.open(location)) {
            Database.Work<Optional<String>, SQLException> who =
                    tx -> tx.first("SELECT current_user AS name", row -> row.text("name"));
            return database.read(who);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'?user=clerk&password=secret', '',     clerk",
        "'?user=clerk&password=secret', hearth, hearth",
        "'',                            hearth, hearth",
    })
    void the_user_of_the_configuration_counts_before_that_of_the_url(
            String query, String configured, String connects) throws Exception {
        makeRole("clerk");
        assertThat(whoConnects(new PostgreSql(made.url() + query, configured, "", 2)))
                .contains(connects);
    }

    @Test
    void whoever_names_no_user_is_the_one_who_runs_the_process() throws Exception {
        String self = System.getProperty("user.name");
        makeRole(self);
        assertThat(whoConnects(new PostgreSql(made.url(), "", "", 2))).contains(self);
    }
}
