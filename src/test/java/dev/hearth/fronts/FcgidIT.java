package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/// mod_fcgid with `deploy/apache/hearth-fcgid.conf` and `hearth.fcgi`: Apache starts the worker, on file
/// descriptor 0, and gives it one request at a time.
class FcgidIT extends FrontContract {
    @Override
    Front start(Path folder) throws Exception {
        Files.copy(
                ApacheServer.DEPLOY.resolve("hearth.fcgi"),
                folder.resolve("hearth.fcgi"),
                StandardCopyOption.COPY_ATTRIBUTES);
        return ApacheServer.start(
                folder,
                List.of("alias", "env", "fcgid"),
                List.of(
                        "Define HEARTH_FCGID " + folder,
                        "FcgidInitialEnv HEARTH_COMMAND " + FrontWorker.script(folder),
                        "FcgidIPCDir " + folder,
                        "FcgidProcessTableFile " + folder.resolve("fcgid_shm")),
                ApacheServer.DEPLOY.resolve("hearth-fcgid.conf"));
    }

    /// mod_fcgid takes END_REQUEST for the end of a whole response, and puts Apache's error page behind what
    /// it has sent where the connection ends without it.
    @Override
    boolean showsCuts() {
        return false;
    }

    @Override
    boolean showsShortBodies() {
        return false;
    }

    /// What waits for the one process asks for it once a second, all at the same time: some seconds pass until
    /// as few as these have had their turn.
    @Override
    int requestsAtOnce() {
        return 12;
    }

    @Test
    void a_worker_that_crashed_is_started_again() throws Exception { // F1, I10
        String before = get("/pid").body();
        assertThat(get("/crash").statusCode()).isGreaterThanOrEqualTo(500);
        Await.until(
                "another worker answers",
                () -> get("/pid").statusCode() == 200 && !get("/pid").body().equals(before));
    }
}
