package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.storage.TestClock;
import dev.hearth.testing.Await;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks over TLS, to a receiver whose certificate nobody else trusts.
class OutboxTlsTest {
    private static final Secret SECRET = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final String PASSWORD = "changeit";

    @TempDir Path folder;
    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final List<String> deliveries = new CopyOnWriteArrayList<>();
    private HttpsServer receiver;
    private Database database;
    private KeyStore store;

    /// A receiver that has a certificate for `localhost`, signed by itself.
    @BeforeEach
    void open() throws Exception {
        Path file = folder.resolve("receiver.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "receiver",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "SAN=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(
                        keytool.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD.toCharArray());
        SSLContext own = SSLContext.getInstance("TLS");
        own.init(keys.getKeyManagers(), null, null);
        receiver =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setHttpsConfigurator(new HttpsConfigurator(own));
        receiver.createContext(
                "/hook",
                exchange -> {
                    deliveries.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    java.nio.charset.StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        receiver.start();
        database = Database.open(new DatabaseLocation.SqliteFile(folder.resolve("hearth.db")));
    }

    @AfterEach
    void close() {
        receiver.stop(0);
        database.close();
    }

    private Outbox outboxTo(String host) {
        URI url = URI.create("https://%s:%d/hook".formatted(host, receiver.getAddress().getPort()));
        return Outbox.open(
                database, List.of(new Endpoint("partner", url, List.of(SECRET), true)), clock);
    }

    private String send(Outbox outbox) throws SQLException {
        return database.write(tx -> outbox.notify(tx, "partner", "order.paid", "{\"id\":\"A-1\"}"));
    }

    private SSLContext trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("receiver", store.getCertificate("receiver"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static Optional<String> failure(Outbox outbox, String id) throws Exception {
        Await.until(
                "it has failed", () -> outbox.records().find(id).orElseThrow().tries().size() == 1);
        return outbox.records().find(id).orElseThrow().lastError();
    }

    @Test
    void a_message_arrives_where_the_certificate_is_trusted() throws Exception {
        Outbox outbox = outboxTo("localhost");
        SSLContext trusting = trusting();
        try (var _ = outbox.startSender(trusting::getSocketFactory)) {
            send(outbox);
            Await.until("it arrives", () -> deliveries.size() == 1);
        }
        assertThat(deliveries.getFirst()).contains("A-1");
    }

    @Test
    void nothing_is_sent_to_a_receiver_whose_certificate_is_not_trusted() throws Exception {
        Outbox outbox = outboxTo("localhost");
        try (var _ = outbox.startSender()) {
            assertThat(failure(outbox, send(outbox)).orElseThrow()).contains("certification path");
        }
        assertThat(deliveries).isEmpty();
    }

    @Test
    void nothing_is_sent_to_a_receiver_with_the_certificate_of_another_host() throws Exception {
        Outbox outbox = outboxTo("127.0.0.1");
        SSLContext trusting = trusting();
        try (var _ = outbox.startSender(trusting::getSocketFactory)) {
            assertThat(failure(outbox, send(outbox)).orElseThrow())
                    .containsIgnoringCase("subject alternative names");
        }
        assertThat(deliveries).isEmpty();
    }
}
