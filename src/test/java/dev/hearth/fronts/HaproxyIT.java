package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/// HAProxy with `deploy/haproxy/haproxy.cfg`: it asks for the values, and multiplexes.
class HaproxyIT extends FrontContract {
    private final Set<Integer> ids = new ConcurrentSkipListSet<>();

    @Override
    Front start(Path folder) throws Exception {
        Site site = new Site();
        Backend backend =
                closing(
                        Backend.onUnix(
                                folder,
                                request -> {
                                    ids.add(request.id());
                                    return site.handle(request);
                                }));
        return HaproxyServer.start(folder, backend.socket().toString());
    }

    /// HAProxy takes what fits its buffer of 16 KB, less a reserve of 1 KB for its own rewriting.
    @Override
    int headerBytes() {
        return 14_000;
    }

    /// HAProxy 2.6 answers 400 to a longer one for a FastCGI server: what its buffer does not hold whole.
    @Override
    int chunkedBytes() {
        return 10_000;
    }

    /// Requests share a connection here, and it does not end for one of them while others are under way: that one
    /// ends with END_REQUEST, whose status HAProxy does not look at.
    @Override
    int cutsAtOnce() {
        return 1;
    }

    @Test
    void requests_share_a_connection() throws Exception { // F28, I11
        Path gate = fresh("gate");
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(
                    http().sendAsync(
                                    request("/slow?gate=" + gate).build(),
                                    BodyHandlers.ofString()));
        }
        // All of them wait in their handlers, and yet another is answered.
        assertThat(get("/hello").body()).isEqualTo("Hello, world!\n");
        Files.createFile(gate);
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().body()).isEqualTo("at last\n");
        }
        assertThat(ids).as("ids of requests").hasSizeGreaterThan(1);
    }
}
