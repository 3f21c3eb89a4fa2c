package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Apache's mod_proxy_fcgi with `deploy/apache/hearth.conf`, on a unix socket, connections kept.
class ApacheProxyIT extends FrontContract {
    private static final List<String> MODULES =
            List.of("reqtimeout", "proxy", "proxy_fcgi", "env", "setenvif", "alias");

    @Override
    Front start(Path folder) throws Exception {
        Backend backend = closing(Backend.onUnix(folder, new Site()));
        return in(folder, "unix:" + backend.socket() + "|fcgi://hearth", List.of());
    }

    private static Front in(Path folder, String backend, List<String> lines) throws Exception {
        List<String> all = new ArrayList<>(lines);
        all.add("Define HEARTH_BACKEND \"" + backend + "\"");
        return ApacheServer.start(folder, MODULES, all, ApacheServer.DEPLOY.resolve("hearth.conf"));
    }

    @ParameterizedTest
    @CsvSource({"10485760, 200", "10485761, 413"})
    void a_body_beyond_the_limit_is_refused(int length, int status) throws Exception { // C34
        HttpRequest upload =
                request("/digest")
                        .expectContinue(true)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[length]))
                        .build();
        assertThat(send(upload).statusCode()).isEqualTo(status);
    }

    @Test
    void connections_are_used_again() throws Exception { // I8
        try (Backend counted = Backend.onTcp(new Site());
                Front apache = in(folder(), "fcgi://127.0.0.1:" + counted.tcpPort(), List.of())) {
            for (int i = 0; i < 50; i++) {
                assertThat(send(HttpRequest.newBuilder(apache.uri("/hello")).build()).statusCode())
                        .isEqualTo(200);
            }
            assertThat(counted.server().statistics().accepted()).isLessThan(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "first-dot", "last-dot", "last-slash", "unescape"})
    void path_info_makes_no_difference(String kind) throws Exception { // I8, C11
        try (Backend backend = Backend.onTcp(new Site());
                Front apache =
                        in(
                                folder(),
                                "fcgi://127.0.0.1:" + backend.tcpPort(),
                                List.of("SetEnv proxy-fcgi-pathinfo " + kind))) {
            String body =
                    send(HttpRequest.newBuilder(apache.uri("/echo/a.b/c%20d/gr%C3%BC%C3%9Fe?q=1"))
                                    .build())
                            .body();
            assertThat(body).contains("path /echo/a.b/c d/grüße\n", "query q=1\n");
        }
    }
}
