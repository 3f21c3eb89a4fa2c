package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.Transaction;
import dev.hearth.testing.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An inbox in a process of its own, which a test may kill.
///
/// It posts to itself the event named on its command line, if one is; its worker's handler notes the effect
/// of each event in the table `effect`. It lives until it is killed.
final class InboxProcess {
    static final Secret SECRET = Secret.of("whsec_test");
    static final String NO_EVENT = "-";

    /// What the ids of events begin with whose handler takes the process down.
    static final String POISON = "poison";

    private InboxProcess() {}

    static void main(String[] arguments) throws Exception {
        EventHandlers handlers = new EventHandlers().on("stripe", "*", InboxProcess::handle);
        WorkerSettings settings =
                WorkerSettings.DEFAULT.withTimes(
                        Duration.parse(arguments[2]), Duration.ofMinutes(1), Duration.ofMillis(50));
        try (Database database = Database.open(location(arguments[0]));
                Inbox inbox =
                        Inbox.open(
                                database,
                                List.of(new Source("stripe", new StripeScheme(), List.of(SECRET))),
                                handlers,
                                database.clock());
                InboxWorker _ = inbox.startWorker(settings)) {
            if (!arguments[1].equals(NO_EVENT)) {
                System.out.println("answer " + post(inbox, arguments[1]).status());
            }
            System.out.println("ready");
            var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            while (input.readLine() != null) {
                // lives until it is killed, or its parent is gone
            }
        }
    }

    private static void handle(Event event, Transaction tx) throws SQLException {
        noteEffect(event, tx);
        if (event.externalId().startsWith(POISON)) {
            Runtime.getRuntime().halt(137);
        }
    }

    /// A handler that writes one row for each call.
    static void noteEffect(Event event, Transaction tx) throws SQLException {
        tx.update("INSERT INTO effect (event) VALUES (?)", event.externalId());
    }

    static Response post(Inbox inbox, String id) throws Exception {
        byte[] body = event(id).getBytes(UTF_8);
        Headers headers = StripeScheme.sign(SECRET, body, Instant.now());
        return inbox.handler().handle(Posted.to("stripe", headers, body));
    }

    private static String event(String id) {
        return "{\"id\":\"%s\",\"type\":\"a.b\",\"data\":{\"object\":{\"id\":\"o-%s\",\"object\":\"thing\"}}}"
                .formatted(id, id);
    }

    private static DatabaseLocation location(String text) {
        return text.startsWith("jdbc:")
                ? new DatabaseLocation.PostgreSql(text, "hearth", "", 12)
                : new DatabaseLocation.SqliteFile(Path.of(text));
    }

    private static String text(DatabaseLocation location) {
        return switch (location) {
            case DatabaseLocation.SqliteFile(Path file) -> file.toString();
            case DatabaseLocation.PostgreSql postgres -> postgres.url();
        };
    }

    /// Starts the process with leases of a second; it dies at the stop point, if one is given.
    static ChildProcess start(
            Path folder, DatabaseLocation location, String event, List<StopPoint> stop)
            throws IOException {
        return start(folder, location, event, stop, Duration.ofSeconds(1));
    }

    /// As above, with other leases.
    static ChildProcess start(
            Path folder,
            DatabaseLocation location,
            String event,
            List<StopPoint> stop,
            Duration lease)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        for (StopPoint point : stop) {
            command.add("-Dhearth.test.stop=" + point.name().toLowerCase(java.util.Locale.ROOT));
        }
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        InboxProcess.class.getName(),
                        text(location),
                        event,
                        lease.toString()));
        return ChildProcess.start("inbox", folder, Map.of(), command);
    }
}
