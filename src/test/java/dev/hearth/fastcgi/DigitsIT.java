package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.request;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// On a machine whose language has digits of its own, as Persian, Arabic or Bengali: what programs read has those of ASCII.
@Timeout(120)
class DigitsIT {
    @TempDir Path folder;

    @Test
    void what_programs_read_is_the_same_in_every_language() throws Exception {
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .jvmFlags("-Duser.language=fa", "-Duser.country=IR")
                        .environment("HEARTH_STATUS_PATH", "/status")
                        .environment("HEARTH_LOG_ACCESS", "combined");
        try (HearthProcess hearth = plan.start();
                HttpClient http =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                FakeWebServer nginx =
                        FakeWebServer.connect(UnixDomainSocketAddress.of(hearth.socket()))) {
            Map<String, String> noLength = variables("POST", "/", 0);
            noLength.put("CONTENT_LENGTH", "x");
            assertThat(nginx.send(request(1, true, noLength, new byte[0])).answer(1).stdout())
                    .startsWith("Status: 400 ")
                    .contains("\"status\":400,");
            for (String form : new String[] {"", "?json&full", "?openmetrics"}) {
                HttpRequest status = HttpRequest.newBuilder(hearth.uri("/status" + form)).build();
                assertThat(http.send(status, BodyHandlers.ofString()).body())
                        .containsPattern("[1-9]")
                        .matches("\\p{ASCII}*");
            }
            http.send(
                    HttpRequest.newBuilder(hearth.uri("/healthz")).build(),
                    BodyHandlers.discarding());
            Await.until("logged", () -> hearth.output().contains("\"GET /healthz HTTP/1.1\" 200 "));
            assertThat(
                            plan.run(
                                            "send",
                                            "stripe",
                                            "payment_intent.succeeded",
                                            "--http=" + hearth.uri("").getAuthority())
                                    .exitCode())
                    .isZero();
        }
    }
}
