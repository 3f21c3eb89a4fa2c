package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// lighttpd with `deploy/lighttpd/hearth-spawn.conf`: it starts the worker, on file descriptor 0.
class LighttpdSpawnIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception {
        return LighttpdServer.start(
                folder,
                "hearth-spawn.conf",
                Map.of(
                        "spawn.conf",
                        """
                        var.hearth_command = "%s"
                        var.hearth_socket = "%s"
                        """
                                .formatted(FrontWorker.script(folder), folder.resolve("fcgi"))));
    }

    @Test
    void a_worker_that_crashed_is_started_again() throws Exception { // F1, F43
        String before = get("/pid").body();
        assertThat(get("/crash").statusCode()).isGreaterThanOrEqualTo(500);
        Await.until(
                "another worker answers",
                () -> get("/pid").statusCode() == 200 && !get("/pid").body().equals(before));
    }
}
