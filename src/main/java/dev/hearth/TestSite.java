package dev.hearth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.app.InProcessSite;
import dev.hearth.app.StartException;
import dev.hearth.storage.Database;
import dev.hearth.web.json.Json;
import dev.hearth.webhook.InboxEntry;
import dev.hearth.webhook.InboxState;
import dev.hearth.webhook.SampleEvents.Sample;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// An application in a test: the one that is given to [Hearth#run], asked without a server.
///
/// {@snippet lang=java :
/// try (TestSite shop = TestSite.open(Shop::routes)) {
///     TestAnswer made = shop.post("/items", new NewItem("bread"));
///     assertThat(made.status()).isEqualTo(201);
///     assertThat(made.header("Location")).contains("/items/1");
///
///     shop.deliver("stripe", "payment_intent.succeeded", """
///             {"id": "pi_1", "amount": 500, "currency": "eur"}""");
///     assertThat(shop.get("/items/1").json(Item.class).paid()).isTrue();
/// }
/// }
///
/// A request takes the way that it takes in production: as variables through the CGI gateway, the stock layers, the
/// router and the application's own layers, on the thread that asks. A handler that throws answers 500, and the log has
/// the exception.
///
/// Each has a database of its own, a new SQLite file in a temporary folder, unless the settings name another. Nothing works
/// by itself: events and jobs are done when they are asked for, and [Application#notify][dev.hearth.app.Application#notify]
/// sends nothing. `/metrics` and the operator site are not there. Payments are, where `stripe.api_key` is set: they ask
/// `stripe.api_base`, for which [Sandbox][dev.hearth.sandbox.Sandbox] can stand in. Many may be open at once; requests may come from many threads.
public final class TestSite implements AutoCloseable {

    /// The answer to a webhook that was taken.
    private record Taken(String id, boolean duplicate) {}

    private final Path folder;
    private final InProcessSite site;
    private volatile boolean closed;

    private TestSite(Path folder, InProcessSite site) {
        this.folder = folder;
        this.site = site;
    }

    /// Opens a site with nothing configured: its one source of webhooks is `stripe`, whose secret is made at random.
    ///
    /// @throws IllegalStateException if it cannot start; says why
    public static TestSite open(Hearth.SetUp application) {
        return open(application, Map.of());
    }

    /// Opens a site with settings, by the keys of `hearth.toml`. No file and no variable of the environment is read.
    ///
    /// A source of webhooks that is named without a secret, as by `webhook.github.scheme` = `github`, gets one at random.
    ///
    /// @throws IllegalStateException if it cannot start; says why
    public static TestSite open(Hearth.SetUp application, Map<String, String> settings) {
        Path folder = makeFolder();
        try {
            return new TestSite(
                    folder,
                    InProcessSite.open(folder, settings, app -> Hearth.call(application, app)));
        } catch (StartException sentence) {
            remove(folder);
            throw new IllegalStateException(sentence.getMessage(), sentence);
        } catch (Throwable failed) {
            remove(folder);
            throw failed;
        }
    }

    private static Path makeFolder() {
        try {
            return Files.createTempDirectory("hearth-test-");
        } catch (IOException refused) {
            throw new UncheckedIOException("cannot make a temporary folder", refused);
        }
    }

    /// A GET.
    public TestAnswer get(String target) {
        return request("GET", target).send();
    }

    /// A POST of JSON: text and bytes are JSON already, anything else is written as JSON.
    public TestAnswer post(String target, Object json) {
        return request("POST", target).json(json).send();
    }

    /// A PUT of JSON, as [#post].
    public TestAnswer put(String target, Object json) {
        return request("PUT", target).json(json).send();
    }

    /// A PATCH with JSON, as [#post].
    public TestAnswer patch(String target, Object json) {
        return request("PATCH", target).json(json).send();
    }

    /// A DELETE.
    public TestAnswer delete(String target) {
        return request("DELETE", target).send();
    }

    /// Begins any other request, to be sent with [TestRequest#send].
    ///
    /// @param target path and query as a client sends them: percent-encoded
    public TestRequest request(String method, String target) {
        return TestRequest.of(this, method, target);
    }

    /// Delivers an event as its sender would, signed, through its route; it is handled before this returns. Tells where
    /// it stands then: `done`, or `ignored` where no handler takes its type.
    ///
    /// @param json what the event is about, an object: of Stripe's events the member `data.object`, of Standard
    ///     Webhooks' `data`, of Slack's `event`; of all others the whole body. Text is JSON already, anything else is
    ///     written as JSON
    /// @throws IllegalArgumentException if there is no such source, or this is no event of its
    /// @throws IllegalStateException if it is refused or its handler failed, with what that threw as the cause
    public InboxEntry deliver(String source, String type, Object json) {
        requireOpen();
        Sample event = site.event(source, type, new String(jsonBytes(json), UTF_8));
        TestAnswer answer =
                request("POST", "/webhooks/" + source)
                        .with(event.headers().without("Content-Type"))
                        .body("application/json", event.body())
                        .send();
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.toString());
        }
        String id = answer.json(Taken.class).id();
        return inTest(() -> {
            List<Throwable> thrown = site.handleEvents();
            InboxEntry stored = site.stored(id);
            if (stored.state() != InboxState.DONE && stored.state() != InboxState.IGNORED) {
                throw failed(stored, thrown);
            }
            return stored;
        });
    }

    private static IllegalStateException failed(InboxEntry event, List<Throwable> thrown) {
        String why =
                event.lastError()
                        .orElse("another of its object, which failed, stands in front of it");
        return withCauses(
                "%s of %s is not done: %s".formatted(event.type(), event.source(), why), thrown);
    }

    /// Handles the stored events and runs the jobs that are due, until nothing is. Jobs that come back (`app.every`) are
    /// due for the first time at once, unless they have a time of day.
    ///
    /// @throws IllegalStateException if anything failed, with what it threw as the cause, or there is still work after a
    ///     minute
    public void runDueWork() {
        requireOpen();
        requireDone(inTest(site::workOff));
    }

    /// Runs the jobs of this name that wait, as if their time had come, and all else that is due.
    ///
    /// @throws IllegalStateException if none waits; also as [#runDueWork]
    public void runJob(String name) {
        requireOpen();
        requireDone(inTest(() -> site.runJob(name)));
    }

    private static void requireDone(List<Throwable> thrown) {
        if (!thrown.isEmpty()) {
            throw withCauses("failed: " + thrown.getFirst(), thrown);
        }
    }

    /// The application's database, to put things in and to look.
    public Database database() {
        return site.database();
    }

    TestAnswer answer(String asked, Map<String, String> variables, byte[] body) {
        requireOpen();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        int exitCode = site.serve(variables, new ByteArrayInputStream(body), written);
        TestAnswer answer = TestAnswer.read(asked, written.toByteArray());
        if (exitCode != 0 && answer.status() != 500) {
            throw new IllegalStateException("cut off, the log says why: " + answer);
        }
        return answer;
    }

    static byte[] jsonBytes(Object value) {
        return switch (value) {
            case String text -> text.getBytes(UTF_8);
            case byte[] bytes -> bytes;
            default -> Json.mapper().writeValueAsBytes(value);
        };
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the site is closed");
        }
    }

    /// Work whose checked exceptions no test expects.
    private interface Work<T> {
        T run() throws SQLException, InterruptedException;
    }

    private static <T> T inTest(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException broken) {
            throw new IllegalStateException("the database cannot be used", broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    private static IllegalStateException withCauses(String message, List<Throwable> thrown) {
        IllegalStateException failure = new IllegalStateException(message);
        thrown.stream().findFirst().ifPresent(failure::initCause);
        thrown.stream().skip(1).forEach(failure::addSuppressed);
        return failure;
    }

    /// Ends everything and removes the folder. Closing twice is harmless.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            site.close();
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException refused) {
            throw new UncheckedIOException("cannot remove " + folder, refused);
        }
    }
}
