package dev.hearth.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeWebhook;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as a web server calls it for one request.
class CgiProgramIT {
    @TempDir Path folder;

    private record Answer(int exitCode, String text) {}

    private Answer call(
            String method, String path, byte[] body, Map<String, String> more, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:file=" + folder.resolve("classes"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName());
        builder.command().addAll(List.of(arguments));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(
                Map.of(
                        "GATEWAY_INTERFACE",
                        "CGI/1.1",
                        "REQUEST_METHOD",
                        method,
                        "SCRIPT_NAME",
                        "/cgi-bin/hearth.cgi",
                        "PATH_INFO",
                        path,
                        "CONTENT_LENGTH",
                        body.length == 0 ? "" : Integer.toString(body.length),
                        "HEARTH_DATA",
                        folder.resolve("data").toString(),
                        "HEARTH_WEBHOOK_STRIPE_SECRET",
                        HearthProcess.SECRET));
        environment.putAll(more);
        Process process = builder.redirectError(folder.resolve("stderr").toFile()).start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(body);
        }
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Answer(process.exitValue(), text);
    }

    private Answer post(byte[] event, String signature) throws IOException, InterruptedException {
        return call("POST", "/webhooks/stripe", event, Map.of("HTTP_STRIPE_SIGNATURE", signature));
    }

    @Test
    void stores_a_webhook_and_handles_it_before_the_process_ends() throws Exception {
        byte[] event = StripeWebhook.event("evt_cgi");
        String signature = StripeWebhook.signature(HearthProcess.SECRET, event, Instant.now());

        Answer first = post(event, signature);
        assertThat(first.text())
                .startsWith("Status: 200 OK\r\n")
                .contains("\r\n\r\n")
                .endsWith("\"duplicate\":false}\n");
        assertThat(first.exitCode()).isZero();
        assertThat(post(event, signature).text()).endsWith("\"duplicate\":true}\n");
        assertThat(HearthProcess.in(folder).run("inbox", "list").output())
                .contains("done", "evt_cgi");
    }

    private List<String> classesLoaded() throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("classes"))) {
            return lines.map(line -> line.substring(line.indexOf("] ") + 2).split(" ")[0]).toList();
        }
    }

    @Test
    void a_webhook_loads_nothing_that_it_does_not_need() throws Exception {
        byte[] first = StripeWebhook.event("evt_first"); // brings the schema up to date
        post(first, StripeWebhook.signature(HearthProcess.SECRET, first, Instant.now()));
        byte[] event = StripeWebhook.event("evt_second");
        Answer second =
                post(event, StripeWebhook.signature(HearthProcess.SECRET, event, Instant.now()));

        assertThat(second.text()).startsWith("Status: 200 OK\r\n");
        assertThat(classesLoaded())
                .contains("dev.hearth.webhook.WebhookEndpoint", "org.sqlite.core.NativeDB")
                .noneMatch(name ->
                        name.startsWith("com.zaxxer.hikari.")
                                || name.startsWith("org.flywaydb.core.Flyway")
                                || name.startsWith("ch.qos.logback.")
                                || name.startsWith("com.stripe.")
                                || name.startsWith("io.micrometer.")
                                || name.startsWith("io.opentelemetry.")
                                || name.startsWith("org.jdbi.")
                                || name.startsWith("com.github.kagkarlsson.")
                                || name.startsWith("picocli.")
                                || name.startsWith("org.eclipse.jetty.")
                                || name.startsWith("tools.jackson.databind.")
                                || name.startsWith("sun.util.cldr.") // calendars
                                || name.startsWith("sun.net.www.protocol.jar.JarURL") // a jar
                                || name.equals("javax.crypto.Mac"))
                // Classes that switches over patterns and hashes of records would have spun.
                .noneMatch(name ->
                        name.contains("$$TypeSwitch")
                                || name.equals("java.lang.runtime.ObjectMethods"));
        try (Stream<Path> kept = Files.list(folder.resolve("data/native"))) {
            assertThat(kept).hasSize(1);
        }
    }

    @Test
    void logs_where_the_settings_say() throws Exception {
        byte[] event = StripeWebhook.event("evt_logged");
        Path log = folder.resolve("hearth.log");
        call(
                "POST",
                "/webhooks/stripe",
                event,
                Map.of(
                        "HTTP_STRIPE_SIGNATURE",
                        StripeWebhook.signature(HearthProcess.SECRET, event, Instant.now()),
                        "HEARTH_LOG_FILE",
                        log.toString()));
        assertThat(Files.readString(log))
                .contains("INFO  [main] dev.hearth.app.Application: stripe ")
                .contains("evt_logged");
    }

    @Test
    void logs_in_the_form_that_the_settings_say() throws Exception {
        byte[] event = StripeWebhook.event("evt_logged");
        call(
                "POST",
                "/webhooks/stripe",
                event,
                Map.of(
                        "HTTP_STRIPE_SIGNATURE",
                        StripeWebhook.signature(HearthProcess.SECRET, event, Instant.now()),
                        "HEARTH_LOG_FORMAT",
                        "json"));
        assertThat(Files.readAllLines(folder.resolve("stderr")))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("{\"time\":\"") && line.endsWith("}"))
                .anyMatch(line ->
                        line.contains("\"message\":\"stripe ") && line.contains("evt_logged"));
    }

    @Test
    void refuses_a_forged_webhook() throws Exception {
        byte[] event = StripeWebhook.event("evt_forged");
        String forged = StripeWebhook.signature("whsec_of_somebody_else", event, Instant.now());
        assertThat(post(event, forged).text()).startsWith("Status: 400 Bad Request\r\n");
    }

    @Test
    void takes_no_options_from_the_query() throws Exception { // C21
        Answer answer =
                call("GET", "/healthz", new byte[0], Map.of("QUERY_STRING", "version"), "version");
        assertThat(answer.text())
                .startsWith("Status: 200 OK\r\n")
                .endsWith("{\"status\":\"ok\"}\n");
    }
}
