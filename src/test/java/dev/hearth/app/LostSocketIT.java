package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.WaitingProgram;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.NginxServer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A process whose socket somebody deletes.
class LostSocketIT extends ServiceFixture {
    private static final String ANEW = "was deleted or replaced: listening there anew";

    private HearthProcess start() throws Exception {
        return HearthProcess.in(folder).program(WaitingProgram.class).start();
    }

    private CompletableFuture<HttpResponse<String>> ask(NginxServer nginx, String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(nginx.uri(path)).build(), BodyHandlers.ofString());
    }

    @Test
    void it_listens_there_anew_and_answers_what_it_has_begun() throws Exception {
        Path release = folder.resolve("release");
        try (HearthProcess hearth = start();
                NginxServer nginx = NginxServer.inFrontOf(hearth.socket(), folder)) {
            CompletableFuture<HttpResponse<String>> begun = ask(nginx, "/wait?file=" + release);
            Await.until("it waits", () -> Files.exists(folder.resolve("running")));

            Files.delete(hearth.socket());

            hearth.process().awaitOutput("unix:" + hearth.socket() + " " + ANEW);
            assertThat(ask(nginx, "/hello").get(60, TimeUnit.SECONDS).body()).isEqualTo("Hello!");
            Files.createFile(release);
            assertThat(begun.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(hearth.stop()).isZero();
            assertThat(hearth.socket()).doesNotExist();
            assertThat(hearth.data().resolve("hearth.sock.pid")).doesNotExist();
        }
    }

    @Test
    void a_socket_of_another_in_its_place_is_left_alone_until_nobody_serves_it() throws Exception {
        try (HearthProcess hearth = start();
                ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Files.delete(hearth.socket());
            other.bind(UnixDomainSocketAddress.of(hearth.socket()));
            hearth.process()
                    .awaitOutput(
                            "cannot listen on unix:%s: another process serves it"
                                    .formatted(hearth.socket()));
            assertThat(hearth.output()).doesNotContain(ANEW);

            other.close(); // its file stays

            hearth.process().awaitOutput(ANEW);
            try (NginxServer nginx = NginxServer.inFrontOf(hearth.socket(), folder)) {
                assertThat(ask(nginx, "/hello").get(60, TimeUnit.SECONDS).body())
                        .isEqualTo("Hello!");
            }
            assertThat(hearth.stop()).isZero();
        }
    }
}
