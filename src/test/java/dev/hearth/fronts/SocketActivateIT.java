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

/// nginx in front of a worker that systemd starts when the first request comes, with the socket as its standard
/// input and output.
class SocketActivateIT extends FrontContract {
    private static final Path PROGRAM = Path.of("/usr/bin/systemd-socket-activate");

    private ChildProcess activated;

    @Override
    Front start(Path folder) throws Exception { // F1, F2
        FrontProcess.requirePackage("systemd", PROGRAM);
        Path socket = folder.resolve("activated.sock");
        activated =
                closing(
                        ChildProcess.start(
                                "socket-activate",
                                folder,
                                Map.of(),
                                List.of(
                                        PROGRAM.toString(),
                                        "--inetd",
                                        "--listen=" + socket,
                                        FrontWorker.script(folder).toString())));
        Await.until("the socket is there", () -> Files.exists(socket));
        return Front.of(NginxServer.inFrontOf(socket, folder));
    }

    @AfterAll
    void told_to_end_it_ends_with_0() throws Exception { // F44
        if (activated != null) {
            assertThat(activated.stop()).isZero();
        }
    }
}
