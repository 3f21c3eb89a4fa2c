package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// h2o with `deploy/h2o/h2o.conf`.
class H2oIT extends FrontContract {
    private static final Path DEPLOY = Path.of("deploy/h2o/h2o.conf").toAbsolutePath();
    private static final Path PROGRAM = Path.of("/usr/bin/h2o");

    @Override
    Front start(Path folder) throws Exception {
        FrontProcess.requirePackage("h2o", PROGRAM);
        Backend backend = closing(Backend.onUnix(folder, new Site()));
        int port = FrontProcess.freePort();
        Path config = folder.resolve("h2o.conf");
        String user = FrontProcess.isRoot() ? "user: root\n" : "";
        Files.writeString(
                config,
                user
                        + Files.readString(DEPLOY)
                                .replace("port: 80\n", "port: " + port + "\n")
                                .replace(
                                        "/var/lib/hearth/hearth.sock",
                                        backend.socket().toString()));
        return FrontProcess.start(
                "h2o",
                port,
                folder,
                Map.of(),
                List.of(PROGRAM.toString(), "-m", "worker", "-c", config.toString()));
    }

    /// h2o 2.2 ends on an assertion where a connection that it keeps brings the answer before it has sent the whole body.
    @Test
    void an_answer_before_the_end_of_the_body_does_not_end_h2o() throws Exception { // T10
        for (int i = 0; i < 5; i++) {
            HttpRequest early =
                    request("/no-such-route")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5_000_000]))
                            .build();
            assertThat(send(early).statusCode()).isEqualTo(404);
        }
    }

    /// h2o 2.2 ends its own answer as if it were whole, whatever happens to the one that it reads.
    @Override
    boolean showsCuts() {
        return false;
    }
}
