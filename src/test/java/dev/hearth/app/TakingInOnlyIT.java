package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.DatabaseLocation.PostgreSql;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.PostgresServer;
import dev.hearth.testing.StripeWebhook;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that only take events in, and others that handle them.
class TakingInOnlyIT {
    @TempDir Path folder;
    private final PostgreSql database = PostgresServer.shared().newDatabase();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void what_a_process_without_threads_takes_in_waits_until_another_one_handles_it()
            throws Exception {
        try (HearthProcess taking =
                process("taking").environment("HEARTH_INBOX_THREADS", "0").start()) {
            for (int i = 1; i <= 3; i++) {
                HttpRequest event =
                        StripeWebhook.request(
                                taking.uri("/webhooks/stripe"), StripeWebhook.event("evt_" + i));
                assertThat(http.send(event, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            }
            assertThat(state(taking)).contains("\"inbox_threads\":0", "\"inbox_waiting\":3");

            try (HearthProcess handling = process("handling").start()) {
                Await.until("all are handled", () -> state(taking).contains("\"inbox_waiting\":0"));
                assertThat(state(handling))
                        .contains("\"inbox_threads\":8", "\"inbox_processing\":0");
            }
        }
    }

    private HearthProcess.Plan process(String name) throws Exception {
        return HearthProcess.in(Files.createDirectory(folder.resolve(name)))
                .environment("HEARTH_DATABASE_URL", database.url())
                .environment("HEARTH_DATABASE_USER", database.user())
                .environment("HEARTH_STATUS_PATH", "/status");
    }

    private String state(HearthProcess process) throws Exception {
        HttpRequest status = HttpRequest.newBuilder(process.uri("/status?json")).build();
        return http.send(status, BodyHandlers.ofString()).body();
    }
}
