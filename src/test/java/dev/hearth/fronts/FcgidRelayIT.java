package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// mod_fcgid with `deploy/apache/hearth-fcgid-relay.conf`: as many relays as requests at once, and one worker.
class FcgidRelayIT extends FrontContract {
    private RelayProgram relay;

    @Override
    Front start(Path folder) throws Exception {
        relay = new RelayProgram(folder);
        relay.compile(folder.resolve("fcgid/hearth.fcgi"));
        return ApacheServer.start(
                folder,
                List.of("alias", "env", "fcgid"),
                List.of(
                        "Define HEARTH_FCGID " + folder.resolve("fcgid"),
                        "FcgidIPCDir " + folder,
                        "FcgidProcessTableFile " + folder.resolve("fcgid_shm")),
                ApacheServer.DEPLOY.resolve("hearth-fcgid-relay.conf"));
    }

    /// See [FcgidIT].
    @Override
    boolean showsCuts() {
        return false;
    }

    @Override
    boolean showsShortBodies() {
        return false;
    }

    @Test
    void one_worker_serves_all() throws Exception {
        assertThat(get("/pid").body()).isEqualTo(get("/pid").body());
        assertThat(relay.starts()).hasSize(1);
    }

    @AfterAll
    void endTheWorker() throws Exception {
        ProcessHandle.of(Long.parseLong(get("/pid").body().strip())).orElseThrow().destroy();
    }
}
