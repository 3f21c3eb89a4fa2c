package dev.hearth.operator;

import dev.hearth.storage.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions of operators, in the database: all machines know them, and they end when they are taken back. Safe
/// for many threads.
final class SignIns {
    private static final Logger log = LoggerFactory.getLogger(SignIns.class);

    /// A session ends when it was not used so long …
    static final Duration IDLE = Duration.ofHours(8);

    /// … and so long after it began, used or not.
    static final Duration LONGEST = Duration.ofDays(7);

    /// How exactly it is written down when a session was last used.
    private static final Duration SEEN_EVERY = Duration.ofMinutes(5);

    private static final int REMEMBERED = 100;

    private final Database database;
    private final InstantSource clock;

    /// Those found last: while the database is away, who was in can still look at what works without it.
    private final Map<String, SignIn> remembered = // guarded by itself
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, SignIn> eldest) {
                    return size() > REMEMBERED;
                }
            };

    SignIns(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Begins a session and gives the token that the browser keeps. Always a new one: what a visitor brought along
    /// never becomes a session.
    String begin(Operator operator) throws SQLException {
        String token = random();
        Instant now = clock.instant();
        database.write(tx -> {
            tx.update(
                    "DELETE FROM operator_session WHERE seen_at < ? OR created_at < ?",
                    now.minus(IDLE),
                    now.minus(LONGEST));
            return tx.update(
                    "INSERT INTO operator_session"
                            + " (token_sha256, operator, form_token, created_at, seen_at)"
                            + " VALUES (?, ?, ?, ?, ?)",
                    sha256(token),
                    operator.name(),
                    random(),
                    now,
                    now);
        });
        return token;
    }

    private record Found(SignIn signIn, Instant seenAt) {}

    /// The session of this token, unless there is none or its time is over. The role is the one of this moment.
    Optional<SignIn> find(String token) {
        String hash = sha256(token);
        try {
            Optional<Found> found = stored(hash);
            remember(hash, found.map(Found::signIn));
            if (found.isPresent()
                    && found.get().seenAt.isBefore(clock.instant().minus(SEEN_EVERY))) {
                seen(hash);
            }
            return found.map(Found::signIn);
        } catch (SQLException lost) {
            log.warn("the database does not answer: {}", lost.getMessage());
            synchronized (remembered) {
                return Optional.ofNullable(remembered.get(hash));
            }
        }
    }

    private Optional<Found> stored(String hash) throws SQLException {
        Instant now = clock.instant();
        return database.read(tx ->
                tx.first(
                        """
                        SELECT s.form_token, s.seen_at, o.name, o.role, o.created_at
                          FROM operator_session s JOIN operator o ON o.name = s.operator
                         WHERE s.token_sha256 = ? AND s.seen_at >= ? AND s.created_at >= ?
                        """,
                        row ->
                                new Found(
                                        new SignIn(
                                                new Operator(
                                                        row.text("name"),
                                                        Role.parse(row.text("role")),
                                                        row.instant("created_at")),
                                                row.text("form_token")),
                                        row.instant("seen_at")),
                        hash,
                        now.minus(IDLE),
                        now.minus(LONGEST)));
    }

    private void remember(String hash, Optional<SignIn> found) {
        synchronized (remembered) {
            found.ifPresentOrElse(
                    signIn -> remembered.put(hash, signIn), () -> remembered.remove(hash));
        }
    }

    private void seen(String hash) throws SQLException {
        database.write(tx ->
                tx.update(
                        "UPDATE operator_session SET seen_at = ? WHERE token_sha256 = ?",
                        clock.instant(),
                        hash));
    }

    /// Ends the session of this token.
    void end(String token) throws SQLException {
        String hash = sha256(token);
        remember(hash, Optional.empty());
        database.write(
                tx -> tx.update("DELETE FROM operator_session WHERE token_sha256 = ?", hash));
    }

    static String random() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
