package dev.hearth.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.storage.CannotStartException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SQL scripts of an application, each applied once and in order, beside Hearth's own migrations.
///
/// Not by Flyway: whether there is anything to do is asked at every start, and that costs one query here.
final class ApplicationScripts {
    private static final Logger log = LoggerFactory.getLogger(ApplicationScripts.class);
    private static final Pattern FILE_NAME = Pattern.compile("[Vv]?0*([0-9]{1,6})(\\D.*)?\\.sql");

    private ApplicationScripts() {}

    record Script(int number, String name, String sql) {
        String sha256() {
            try {
                byte[] hash =
                        MessageDigest.getInstance("SHA-256").digest(sql.strip().getBytes(UTF_8));
                return HexFormat.of().formatHex(hash);
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every JDK has SHA-256", impossible);
            }
        }
    }

    private record Applied(int number, String sha256) {}

    static List<Script> of(String... scripts) {
        List<Script> numbered = new ArrayList<>();
        for (String sql : scripts) {
            numbered.add(new Script(numbered.size() + 1, "", sql));
        }
        return numbered;
    }

    /// The files of a folder, or of its folder for this dialect where there is one.
    static List<Script> in(Path folder, Dialect dialect) {
        Path own = folder.resolve(dialect.folder());
        try (Stream<Path> files = Files.list(Files.isDirectory(own) ? own : folder)) {
            List<Script> scripts = new ArrayList<>();
            for (Path file : files.filter(each -> each.toString().endsWith(".sql")).toList()) {
                scripts.add(read(file));
            }
            scripts.sort(Comparator.comparingInt(Script::number));
            return scripts;
        } catch (IOException unreadable) {
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "The SQL scripts in %s cannot be read: %s.".formatted(folder, unreadable),
                    unreadable);
        }
    }

    private static Script read(Path file) throws IOException {
        String name = file.getFileName().toString();
        Matcher parts = FILE_NAME.matcher(name);
        if (!parts.matches()) {
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "The script %s has no number: name it as in V1__first_tables.sql."
                            .formatted(file));
        }
        return new Script(Integer.parseInt(parts.group(1)), name, Files.readString(file));
    }

    /// Applies what was not applied yet, all of it in one transaction.
    static void apply(Database database, List<Script> scripts) {
        try {
            requireDistinct(scripts);
            if (database.read(tx -> missing(tx, scripts)).isEmpty()) {
                return;
            }
            int count =
                    database.writeWithin(
                            Duration.ZERO,
                            tx -> { // an index may take long
                                lock(tx);
                                List<Script> missing = missing(tx, scripts);
                                for (Script script : missing) {
                                    run(tx, script);
                                }
                                return missing.size();
                            });
            log.info("applied {} of the application's {} SQL scripts", count, scripts.size());
        } catch (SQLException failed) {
            throw new CannotStartException(
                    Kind.TEMPORARY,
                    "The application's tables cannot be made: %s.".formatted(failed.getMessage()),
                    failed);
        }
    }

    private static void requireDistinct(List<Script> scripts) {
        for (int i = 1; i < scripts.size(); i++) {
            if (scripts.get(i).number() == scripts.get(i - 1).number()) {
                throw new CannotStartException(
                        Kind.CONFIGURATION,
                        "Two scripts have the number %d: %s and %s."
                                .formatted(
                                        scripts.get(i).number(),
                                        scripts.get(i - 1).name(),
                                        scripts.get(i).name()));
            }
        }
    }

    /// Of several processes that start at once one applies, and the others wait here for it. On SQLite the
    /// transaction itself is the lock.
    private static void lock(Transaction tx) throws SQLException {
        if (tx.dialect() == Dialect.POSTGRESQL) {
            execute(tx, "LOCK TABLE application_migration IN EXCLUSIVE MODE");
        }
    }

    private static List<Script> missing(Transaction tx, List<Script> scripts) throws SQLException {
        List<Applied> applied =
                tx.query(
                        "SELECT number, sha256 FROM application_migration ORDER BY number",
                        row -> new Applied(row.integer("number"), row.text("sha256")));
        for (int i = 0; i < applied.size(); i++) {
            Applied then = applied.get(i);
            if (i >= scripts.size() || scripts.get(i).number() != then.number()) {
                throw new CannotStartException(
                        Kind.CONFIGURATION,
                        "The database has had script %d, and this program does not bring it at its place: run the newer program."
                                .formatted(then.number()));
            }
            if (!scripts.get(i).sha256().equals(then.sha256())) {
                throw new CannotStartException(
                        Kind.CONFIGURATION,
                        "Script %d%s has changed since it was applied: leave it as it was, and add a script."
                                .formatted(then.number(), named(scripts.get(i))));
            }
        }
        return scripts.subList(applied.size(), scripts.size());
    }

    private static String named(Script script) {
        return script.name().isEmpty() ? "" : " (" + script.name() + ")";
    }

    private static void run(Transaction tx, Script script) throws SQLException {
        try {
            execute(tx, script.sql());
        } catch (SQLException refused) {
            throw new CannotStartException(
                    Kind.CONFIGURATION,
                    "Script %d%s of the application failed, and nothing of it was kept: %s."
                            .formatted(script.number(), named(script), refused.getMessage()),
                    refused);
        }
        tx.update(
                "INSERT INTO application_migration (number, name, sha256, applied_at) VALUES (?, ?,"
                        + " ?, ?)",
                script.number(),
                script.name(),
                script.sha256(),
                Instant.now());
    }

    /// Several statements at once, as both drivers allow where nothing is bound.
    private static void execute(Transaction tx, String sql) throws SQLException {
        try (Statement statement = tx.connection().createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
