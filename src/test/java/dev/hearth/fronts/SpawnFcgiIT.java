package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.ChildProcess;
import dev.hearth.testing.NginxServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/// nginx in front of a worker that `deploy/spawn-fcgi/hearth` has started, on file descriptor 0.
class SpawnFcgiIT extends FrontContract {
    private static final Path DEPLOY = Path.of("deploy/spawn-fcgi/hearth").toAbsolutePath();

    private ChildProcess spawned;

    @Override
    Front start(Path folder) throws Exception { // F1, F3
        FrontProcess.requirePackage("spawn-fcgi", Path.of("/usr/bin/spawn-fcgi"));
        Path socket = folder.resolve("spawned.sock");
        spawned =
                closing(
                        ChildProcess.start(
                                "spawn-fcgi",
                                folder,
                                Map.of(
                                        "HEARTH_SOCKET",
                                        socket.toString(),
                                        "HEARTH_SOCKET_MODE",
                                        "0666",
                                        "HEARTH_COMMAND",
                                        FrontWorker.script(folder).toString()),
                                List.of(DEPLOY.toString())));
        Await.until("the socket is there", () -> Files.exists(socket));
        return Front.of(NginxServer.inFrontOf(socket, folder));
    }

    @AfterAll
    void told_to_end_it_ends_with_0() throws Exception { // F44
        if (spawned != null) {
            assertThat(spawned.stop()).isZero();
        }
    }
}
