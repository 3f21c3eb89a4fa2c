package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.DatabaseLocation.PostgreSql;
import dev.hearth.testing.Await;
import dev.hearth.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server refuses for good, and what may work the next time.
class PostgresRefusalIT {
    private final PostgreSql made = PostgresServer.shared().newDatabase();
    private final String name = made.url().substring(made.url().lastIndexOf('/') + 1);

    /// As the administrator, in the same database.
    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(made.url(), "hearth", "");
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /// A role with no rights but what everybody has.
    private String clerk() throws SQLException {
        String role = "clerk_of_" + name;
        sql("CREATE ROLE %s LOGIN PASSWORD 'right'".formatted(role));
        return role;
    }

    private static PostgreSql location(String url, String user, String password) {
        return new PostgreSql(url, user, password, 2);
    }

    private static void expectRefusal(PostgreSql location, String said, String remedy) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Database.open(location).close())
                .withMessageContaining("refuses Hearth: ")
                .withMessageContaining(said)
                .withMessageContaining(remedy)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION));
    }

    @Test
    void a_user_who_may_not_make_tables_is_told_which_right_is_missing() throws Exception {
        expectRefusal(
                location(made.url(), clerk(), ""),
                "permission denied for schema public",
                "ALTER DATABASE name OWNER TO user");
    }

    @Test
    void a_user_who_may_not_connect() throws Exception {
        String clerk = clerk();
        sql("REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(name));
        expectRefusal(
                location(made.url(), clerk, ""),
                "permission denied for database",
                "CONNECT on the database");
    }

    @Test
    void a_user_without_a_schema() throws Exception {
        String clerk = clerk();
        sql("REVOKE USAGE ON SCHEMA public FROM PUBLIC");
        expectRefusal(
                location(made.url(), clerk, ""),
                "permission denied",
                "USAGE and CREATE on the schema");
    }

    @Test
    void a_user_to_whom_the_tables_of_another_are_not_given() throws Exception {
        Database.open(made).close();
        expectRefusal(
                location(made.url(), clerk(), ""),
                "permission denied for table flyway_schema_history",
                "the tables that are there already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "INSERT", "UPDATE"})
    void a_user_who_may_read_the_history_and_not_all_of_the_tables(String missing)
            throws Exception {
        Database.open(made).close();
        String clerk = clerk();
        sql(
                "GRANT SELECT ON flyway_schema_history TO " + clerk,
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + clerk);
        sql("REVOKE UPDATE, DELETE ON journal, journal_entry, audit FROM " + clerk);
        Database.open(location(made.url(), clerk, "")).close();
        sql("REVOKE %s ON webhook_inbox FROM %s".formatted(missing, clerk));
        expectRefusal(
                location(made.url(), clerk, ""),
                "permission denied for table webhook_inbox",
                "the tables that are there already");
    }

    @Test
    void rights_are_asked_for_on_every_table_that_the_scripts_make() throws Exception {
        try (Database database = Database.open(made)) {
            List<String> tables =
                    database.read(tx ->
                            tx.query(
                                    String.class,
                                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history' ORDER BY 1"));
            assertThat(PostgreSqlOpening.TABLES).isEqualTo(tables);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',     hearth,  'database \"nowhere\" does not exist', CREATE DATABASE",
        "'here', nobody1, 'role \"nobody1\" does not exist',     pg_hba.conf",
    })
    void a_database_or_a_role_that_is_not_there(
            String here, String user, String said, String remedy) {
        String url = here.isEmpty() ? made.url().replace(name, "nowhere") : made.url();
        expectRefusal(location(url, user, ""), said, remedy);
    }

    @ParameterizedTest
    @CsvSource({"wrong, password authentication failed", "'', no password was provided"})
    void a_password_that_is_wrong_or_missing(String password, String said) throws Exception {
        String clerk = clerk();
        askForPassword(clerk);
        expectRefusal(location(made.url(), clerk, password), said, "database.password");
    }

    /// A line of its own in front of all others, which let everybody in.
    private void askForPassword(String role) throws Exception {
        Path file;
        try (Connection connection = DriverManager.getConnection(made.url(), "hearth", "");
                Statement statement = connection.createStatement();
                ResultSet shown = statement.executeQuery("SHOW hba_file")) {
            shown.next();
            file = Path.of(shown.getString(1));
        }
        String line = "host all %s 127.0.0.1/32 scram-sha-256\n".formatted(role);
        Files.writeString(
                file, line + Files.readString(file), StandardOpenOption.TRUNCATE_EXISTING);
        sql("SELECT pg_reload_conf()");
        Await.until(
                "it asks for a password",
                () -> {
                    try (var _ = DriverManager.getConnection(made.url(), role, "")) {
                        return false;
                    } catch (SQLException asked) {
                        return true;
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, true",
        "28000, true",
        "08004, true",
        "3D000, true",
        "3F000, true",
        "42501, true",
        "08001, false", // nobody listens
        "08006, false", // lost
        "53300, false", // too many connections
        "57P03, false", // starting
        "42601, false", // our own fault
    })
    void what_another_try_cannot_mend(String state, boolean refused) {
        var failed = new IllegalStateException(new SQLException("it says", state));
        assertThat(PostgreSqlRefusal.of(failed, made).isPresent()).isEqualTo(refused);
    }

    @Test
    void a_server_that_is_away_may_be_back_the_next_time() {
        PostgreSql away = location("jdbc:postgresql://127.0.0.1:1/hearth", "hearth", "");
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Database.open(away).close())
                .withMessageContaining("cannot be reached")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TEMPORARY));
    }

    @Test
    void a_server_that_has_no_hand_free_may_have_one_the_next_time() throws Exception {
        String clerk = clerk();
        sql("ALTER ROLE %s CONNECTION LIMIT 0".formatted(clerk));
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Database.open(location(made.url(), clerk, "")).close())
                .withMessageContaining("too many connections")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TEMPORARY));
    }
}
