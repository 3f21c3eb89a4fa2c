package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// `deploy/cgi/relay.c`, compiled as its comment says: each request reaches one worker, which the first starts.
@ParameterizedClass
@EnumSource(CgiFront.class)
class RelayIT extends CgiContract {
    private RelayProgram relay;

    @Override
    Path program(Path folder) throws Exception {
        relay = new RelayProgram(folder);
        return relay.compile(folder.resolve("site/hearth.cgi"));
    }

    private ProcessHandle workerProcess() throws Exception {
        return ProcessHandle.of(Long.parseLong(get("/pid").body().strip())).orElseThrow();
    }

    @AfterEach
    void endTheWorker() throws Exception {
        if (!relay.starts().isEmpty()) {
            workerProcess().destroy();
        }
    }

    @Test
    void first_requests_at_once_start_one_worker() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> asked =
                Stream.generate(() ->
                                http().sendAsync(request("/pid").build(), BodyHandlers.ofString()))
                        .limit(12)
                        .toList();
        for (CompletableFuture<HttpResponse<String>> each : asked) {
            assertThat(each.get(60, TimeUnit.SECONDS).body())
                    .isEqualTo(asked.getFirst().get().body());
        }
        assertThat(relay.starts()).hasSize(1);
    }

    @Test
    void the_worker_knows_nothing_of_the_request_that_started_it() throws Exception {
        get("/hello?secret=in-the-query");
        assertThat(relay.starts().getFirst()).contains("serve --listen fd:0", "--idle-exit 10m");
        assertThat(relay.record())
                .content()
                .doesNotContain("QUERY_STRING", "in-the-query", "GATEWAY_INTERFACE");
    }

    @Test
    void a_worker_that_died_is_started_again() throws Exception {
        ProcessHandle first = workerProcess();
        first.destroyForcibly();
        Await.until("it has ended", () -> !first.isAlive());

        assertThat(get("/hello").body()).isEqualTo("Hello, world!\n");
        assertThat(workerProcess().pid()).isNotEqualTo(first.pid());
        assertThat(relay.starts()).hasSize(2);
    }

    @Test
    void a_worker_that_dies_in_the_middle_is_a_503_and_what_may_have_been_done_is_not_done_again()
            throws Exception {
        workerProcess();
        assertThat(send(request("/crash").POST(BodyPublishers.ofString("{}"))).statusCode())
                .isEqualTo(503);
        assertThat(relay.starts()).hasSize(1);
    }
}
