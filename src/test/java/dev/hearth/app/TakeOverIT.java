package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.WaitingProgram;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.NginxServer;
import dev.hearth.testing.StripeWebhook;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A restart or an upgrade without a supervisor: the new process takes the socket, the old one ends what it has
/// begun.
class TakeOverIT {
    private static final int CLIENTS = 16;
    private static final int REQUESTS = 10_000;

    @TempDir Path folder;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean tookOver = new AtomicBoolean();
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final Set<String> failures = new ConcurrentSkipListSet<>();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void no_request_of_10_000_is_lost_and_those_begun_end_in_the_old_process() throws Exception {
        Path release = folder.resolve("release");
        try (HearthProcess old = plan().start();
                NginxServer nginx = NginxServer.inFrontOf(old.socket(), folder)) {
            CompletableFuture<HttpResponse<String>> slow =
                    http.sendAsync(
                            request(nginx, "/wait?file=" + release), BodyHandlers.ofString());
            Await.until("it waits", () -> Files.exists(folder.resolve("running")));
            List<Thread> clients = startClients(nginx);
            Await.until("requests are answered", () -> answered.get() > 500);

            try (HearthProcess fresh = plan().options("--take-over").start()) {
                assertThat(fresh.output())
                        .contains("taking over from process " + old.process().pid());
                int before = answered.get();
                Await.until("requests are answered", () -> answered.get() > before + 500);
                assertThat(old.process().isAlive()).isTrue();
                Files.writeString(release, "");
                assertThat(slow.get().body()).isEqualTo("waited");
                assertThat(old.process().awaitExit()).isZero();
                tookOver.set(true);
                for (Thread client : clients) {
                    client.join();
                }
                assertThat(failures).isEmpty();
                assertThat(answered.get()).isGreaterThanOrEqualTo(REQUESTS);
                assertThat(stored())
                        .hasSizeGreaterThanOrEqualTo(REQUESTS / 10)
                        .isEqualTo(acknowledged);
                assertThat(fresh.socket()).exists();
                assertThat(fresh.stop()).isZero();
                assertThat(fresh.socket()).doesNotExist();
                assertThat(folder.resolve("data/hearth.sock.pid")).doesNotExist();
            }
        }
    }

    @Test
    void with_nobody_there_it_is_an_ordinary_start() throws Exception {
        try (HearthProcess killed = plan().start()) {
            killed.kill(); // its files stay, with its number in one
        }
        assertThat(folder.resolve("data/hearth.sock.pid")).exists();
        try (HearthProcess fresh = plan().options("--take-over").start()) {
            assertThat(fresh.output()).doesNotContain("taking over");
            assertThat(fresh.stop()).isZero();
        }
    }

    private HearthProcess.Plan plan() {
        return HearthProcess.in(folder).program(WaitingProgram.class).options("--http", "off");
    }

    private List<Thread> startClients(NginxServer nginx) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofPlatform().start(() -> ask(nginx)));
        }
        return clients;
    }

    /// At least so many requests, and on until the new process serves. Every tenth is a webhook.
    private void ask(NginxServer nginx) {
        int number;
        while ((number = sent.incrementAndGet()) <= REQUESTS || !tookOver.get()) {
            try {
                boolean stores = number % 10 == 0;
                String event = "evt_" + number;
                HttpResponse<String> answer =
                        http.send(
                                stores
                                        ? StripeWebhook.request(
                                                nginx.uri("/webhooks/stripe"),
                                                StripeWebhook.event(event))
                                        : request(nginx, "/hello"),
                                BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    failures.add(number + ": " + answer.statusCode() + " " + answer.body());
                } else {
                    answered.incrementAndGet();
                    if (stores) {
                        acknowledged.add(event);
                    }
                }
            } catch (Exception lost) {
                failures.add(number + ": " + lost);
            }
        }
    }

    private Set<String> stored() throws SQLException {
        Set<String> events = new TreeSet<>();
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder + "/data/hearth.db");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT external_id FROM webhook_inbox")) {
            while (rows.next()) {
                events.add(rows.getString(1));
            }
        }
        return events;
    }

    @Test
    void its_http_port_passes_to_the_new_process_as_well() throws Exception {
        int port;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .program(WaitingProgram.class)
                        .options("--http", "127.0.0.1:" + port);
        try (HearthProcess old = plan.start();
                HearthProcess fresh = plan.options("--take-over").start()) {
            assertThat(old.process().awaitExit()).isZero();
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(fresh.uri("/hello")).build(),
                            BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("Hello!");
            assertThat(fresh.uri("/").getPort()).isEqualTo(port);
        }
    }

    private static HttpRequest request(NginxServer nginx, String path) {
        return HttpRequest.newBuilder(nginx.uri(path)).build();
    }
}
