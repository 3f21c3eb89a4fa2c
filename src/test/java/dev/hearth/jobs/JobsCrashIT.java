package dev.hearth.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.HearthProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs in a real process that is killed.
class JobsCrashIT {
    @TempDir Path folder;

    @Test
    void a_job_under_way_at_a_kill_is_done_by_the_next_process() throws Exception {
        Files.createFile(folder.resolve("hang"));
        HearthProcess.Plan plan = HearthProcess.in(folder).program(JobProcess.class);
        try (HearthProcess first = plan.start();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest order =
                    HttpRequest.newBuilder(first.uri("/orders/torte"))
                            .POST(BodyPublishers.noBody())
                            .build();
            assertThat(client.send(order, BodyHandlers.ofString()).body()).isEqualTo("ordered\n");
            first.process().awaitOutput("baking torte, attempt 1");
            first.kill();
        }
        Files.delete(folder.resolve("hang"));
        try (HearthProcess second = plan.start()) {
            second.process().awaitOutput("baked torte");
            assertThat(second.stop()).isZero();
        }
    }
}
