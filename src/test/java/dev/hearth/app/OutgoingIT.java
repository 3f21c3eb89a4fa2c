package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole program that sends webhooks, and its operator.
class OutgoingIT {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final String NEXT_SECRET = "whsec_bXkgb2xkIHNlY3JldCBvZiBsYXN0IHllYXI=";

    @TempDir Path folder;

    @Test
    void what_an_application_notifies_arrives_and_its_attempts_can_be_seen() throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        HttpServer receiver =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext(
                "/hook",
                exchange -> {
                    bodies.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        receiver.start();
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .program(NotifyingProgram.class)
                        .environment(
                                "HEARTH_OUTGOING_PARTNER_URL",
                                "http://127.0.0.1:%d/hook"
                                        .formatted(receiver.getAddress().getPort()))
                        .environment("HEARTH_OUTGOING_PARTNER_SECRET", SECRET)
                        .environment("HEARTH_OUTGOING_PARTNER_ALLOW_PRIVATE", "true");
        try (HearthProcess hearth = plan.start();
                HttpClient http = HttpClient.newHttpClient()) {
            String id =
                    http.send(
                                    HttpRequest.newBuilder(hearth.uri("/ship"))
                                            .POST(HttpRequest.BodyPublishers.noBody())
                                            .build(),
                                    BodyHandlers.ofString())
                            .body();
            Await.until("it is delivered", () -> list(plan, "--state=delivered").contains(id));
            assertThat(bodies).hasSize(1);
            assertThat(bodies.getFirst()).contains("\"type\":\"order.shipped\"", "A-17");
            assertThat(list(plan, "--endpoint=partner")).contains("\"tries\":[{", "\"status\":204");
            assertThat(list(plan, "--endpoint=nobody")).doesNotContain(id);
            assertThat(plan.run("outgoing", "show", id).output()).contains("A-17", "delivered");

            assertThat(plan.run("outgoing", "retry", id).output()).contains("1 of 1");
            Await.until("it is delivered again", () -> bodies.size() == 2);
            assertThat(bodies.getLast()).isEqualTo(bodies.getFirst());
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void sighup_takes_another_secret_and_url_and_the_one_before_signs_too() throws Exception {
        Map<String, Headers> byPath = new ConcurrentHashMap<>();
        HttpServer receiver =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    byPath.put(exchange.getRequestURI().getPath(), exchange.getRequestHeaders());
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        receiver.start();
        String url = "http://127.0.0.1:%d".formatted(receiver.getAddress().getPort());
        String endpoint =
                """
                [outgoing.partner]
                url = "%s"
                allow_private = true
                secret = "%s"
                """;
        Path file = folder.resolve("hearth.toml");
        Files.writeString(file, endpoint.formatted(url + "/before", SECRET));
        HearthProcess.Plan plan = HearthProcess.in(folder).program(NotifyingProgram.class);
        try (HearthProcess hearth = plan.start();
                HttpClient http = HttpClient.newHttpClient()) {
            ship(http, hearth);
            Await.until("it is delivered", () -> byPath.containsKey("/before"));

            Files.writeString(
                    file,
                    endpoint.formatted(url + "/after", NEXT_SECRET)
                            + "previous_secret = \"%s\"\n".formatted(SECRET)
                            + "[outgoing.another]\nurl = \"https://partner.example\"\n"
                            + "secret = \"%s\"\n".formatted(SECRET));
            hearth.process().signal("HUP");
            hearth.process().awaitOutput("read again");
            assertThat(hearth.output())
                    .contains("only from the next start on: [outgoing.another.")
                    .contains("changed: [outgoing.partner.")
                    .doesNotContain(SECRET, NEXT_SECRET);
            ship(http, hearth);
            Await.until("it is delivered elsewhere", () -> byPath.containsKey("/after"));
        } finally {
            receiver.stop(0);
        }

        assertThat(signatures(byPath.get("/before"))).hasSize(1);
        assertThat(signatures(byPath.get("/after"))).hasSize(2).doesNotHaveDuplicates();
    }

    private static List<String> signatures(Headers headers) {
        return List.of(headers.getFirst("webhook-signature").split(" "));
    }

    private static void ship(HttpClient http, HearthProcess hearth) throws Exception {
        http.send(
                HttpRequest.newBuilder(hearth.uri("/ship"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static String list(HearthProcess.Plan plan, String filter) throws Exception {
        return plan.run("outgoing", "list", "--json", filter).output();
    }

    @Test
    void what_waits_for_an_endpoint_that_is_configured_no_more_is_told_until_it_is_given_up()
            throws Exception {
        HearthProcess.Plan without = HearthProcess.in(folder).program(NotifyingProgram.class);
        HearthProcess.Plan with =
                HearthProcess.in(folder)
                        .program(NotifyingProgram.class)
                        .environment("HEARTH_OUTGOING_PARTNER_URL", "http://127.0.0.1:1/hook")
                        .environment("HEARTH_OUTGOING_PARTNER_SECRET", SECRET)
                        .environment("HEARTH_OUTGOING_PARTNER_ALLOW_PRIVATE", "true");
        String told = "1 message waits for the endpoint \"partner\", which is not configured here";
        try (HearthProcess hearth = with.start();
                HttpClient http = HttpClient.newHttpClient()) {
            ship(http, hearth);
            Await.until("it has failed", () -> list(with, "--state=waiting").contains("\"n\":1"));
            assertThat(hearth.output()).doesNotContain("not configured here");
            assertThat(with.run("outgoing", "list").output()).doesNotContain("not configured");
        }
        try (HearthProcess hearth = without.start()) {
            assertThat(hearth.output()).contains(told);
            assertThat(without.run("outgoing", "list").output()).contains("waiting", told);

            HearthProcess.Result given =
                    without.run("outgoing", "give-up", "--endpoint", "partner");
            assertThat(given.output()).contains("1 message given up");
            assertThat(given.exitCode()).isZero();
        }
        try (HearthProcess hearth = without.start()) {
            assertThat(hearth.output()).doesNotContain("not configured");
            assertThat(list(without, "--state=dead")).contains("given up by hand");
            assertThat(without.run("audit").output()).contains("give-up", "messages to partner");
            assertThat(without.run("outgoing", "give-up").exitCode()).isEqualTo(64);
            assertThat(without.run("outgoing", "give-up", "nothing").exitCode()).isEqualTo(1);
        }
    }

    @Test
    void an_endpoint_that_cannot_be_sent_to_is_refused_at_the_start() throws Exception {
        HearthProcess.Result refused =
                HearthProcess.in(folder)
                        .environment("HEARTH_OUTGOING_PARTNER_URL", "http://partner.example/hook")
                        .environment("HEARTH_OUTGOING_PARTNER_SECRET", SECRET)
                        .run("serve");

        assertThat(refused.exitCode()).isEqualTo(78);
        assertThat(refused.output())
                .contains("outgoing.partner", "must begin with https://")
                .doesNotContain(SECRET);
    }
}
