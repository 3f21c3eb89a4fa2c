package dev.hearth.operator;

import dev.hearth.storage.Database;
import dev.hearth.storage.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The people who may use the operator site, with their passwords as Argon2id hashes. Safe for many threads.
///
/// There is none until one is added on the command line, and until then there is no site.
public final class Operators {
    /// Shorter passwords are refused.
    public static final int SHORTEST_PASSWORD = 10;

    private static final int LONGEST_PASSWORD = 1_000;

    private final Database database;

    public Operators(Database database) {
        this.database = database;
    }

    /// Adds one.
    ///
    /// @throws IllegalArgumentException if the name is taken or none, or the password too short
    public void add(String name, Role role, String password, Instant now) throws SQLException {
        Operator added = new Operator(name, role, now);
        String hash = hashOf(password);
        int rows =
                database.write(tx ->
                        tx.update(
                                "INSERT INTO operator (name, role, password_hash, created_at)"
                                        + " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                                added.name(),
                                role.word(),
                                hash,
                                now));
        if (rows == 0) {
            throw new IllegalArgumentException(
                    "there is an operator \"%s\" already".formatted(name));
        }
    }

    /// Everyone, by name.
    public List<Operator> list() throws SQLException {
        return database.read(
                tx -> tx.query("SELECT * FROM operator ORDER BY name", Operators::operator));
    }

    /// Whether there is anyone: else there is no site.
    public boolean any() throws SQLException {
        return database.read(tx -> tx.first("SELECT 1 FROM operator LIMIT 1", _ -> true))
                .isPresent();
    }

    /// The one of this name.
    public Optional<Operator> find(String name) throws SQLException {
        return database.read(
                tx -> tx.first("SELECT * FROM operator WHERE name = ?", Operators::operator, name));
    }

    /// Removes one and ends its sessions. False where there is none of this name.
    public boolean remove(String name) throws SQLException {
        return database.write(tx -> tx.update("DELETE FROM operator WHERE name = ?", name)) == 1;
    }

    /// Gives one a new password and ends its sessions. False where there is none of this name.
    ///
    /// @throws IllegalArgumentException if the password is too short
    public boolean changePassword(String name, String password) throws SQLException {
        String hash = hashOf(password);
        return database.write(tx -> {
            tx.update("DELETE FROM operator_session WHERE operator = ?", name);
            return tx.update("UPDATE operator SET password_hash = ? WHERE name = ?", hash, name)
                    == 1;
        });
    }

    /// The operator of this name and password. A wrong name takes as long as a wrong password.
    Optional<Operator> check(String name, String password)
            throws SQLException, InterruptedException {
        record Known(Operator operator, String hash) {}
        Optional<Known> known =
                database.read(tx ->
                        tx.first(
                                "SELECT * FROM operator WHERE name = ?",
                                row -> new Known(operator(row), row.text("password_hash")),
                                name));
        boolean right =
                password.length() <= LONGEST_PASSWORD
                        && PasswordHashes.matches(password, known.map(Known::hash));
        return known.filter(_ -> right).map(Known::operator);
    }

    private static String hashOf(String password) {
        if (password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD) {
            throw new IllegalArgumentException(
                    "a password has %d to %d characters"
                            .formatted(SHORTEST_PASSWORD, LONGEST_PASSWORD));
        }
        return PasswordHashes.hash(password);
    }

    private static Operator operator(Row row) throws SQLException {
        return new Operator(
                row.text("name"), Role.parse(row.text("role")), row.instant("created_at"));
    }
}
