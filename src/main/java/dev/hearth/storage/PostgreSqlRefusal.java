package dev.hearth.storage;

import dev.hearth.storage.CannotStartException.Kind;
import dev.hearth.storage.DatabaseLocation.PostgreSql;
import java.sql.SQLException;
import java.util.Optional;

/// What a PostgreSQL server, or the driver on its behalf, answers to who may not or cannot be let in: the next try would
/// be answered the same, so a person has to mend it. Told by the codes of its errors (SQLSTATE).
enum PostgreSqlRefusal {
    WRONG_PASSWORD(
            "28P01",
            "the password is not the one of its user: see database.user, database.password and the URL"),
    NOT_ADMITTED(
            "28000",
            "let the user in: there has to be a role of this name that may log in, and a line for it in pg_hba.conf"),
    /// From the driver: no password although one is asked for, or no TLS.
    NOT_UNDERSTOOD("08004", "see database.password and the URL"),
    NO_DATABASE(
            "3D000", "make it (CREATE DATABASE name OWNER user), or name another in database.url"),
    NO_SCHEMA(
            "3F000",
            "no schema of the user's search_path is there and may be used by it: make one (CREATE SCHEMA), or GRANT USAGE, CREATE ON SCHEMA"),
    NO_RIGHT(
            "42501",
            "give its user the right: CONNECT on the database, USAGE and CREATE on the schema, and the tables that are there already; simplest is to own the database (ALTER DATABASE name OWNER TO user)");

    private final String state;
    private final String remedy;

    PostgreSqlRefusal(String state, String remedy) {
        this.state = state;
        this.remedy = remedy;
    }

    /// What was refused, where a failure or what caused it says so.
    static Optional<CannotStartException> of(Throwable failed, PostgreSql location) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SQLException said) {
                for (PostgreSqlRefusal refusal : values()) {
                    if (refusal.state.equals(said.getSQLState())) {
                        return Optional.of(refusal.of(said, location));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private CannotStartException of(SQLException said, PostgreSql location) {
        return new CannotStartException(
                Kind.CONFIGURATION,
                "The database %s refuses Hearth: %s; %s."
                        .formatted(location, firstLine(said), remedy),
                said);
    }

    private static String firstLine(SQLException said) {
        return String.valueOf(said.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
