package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.NginxServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The role of Authorizer, for files that the front server serves itself.
class AuthorizerIT {
    @TempDir Path folder;

    private static HttpResponse<String> get(URI uri, String... headers) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri);
            Stream.of(headers).forEach(value -> request.header("Authorization", value));
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    private Path privateFile() throws Exception {
        Path root = Files.createDirectories(folder.resolve("docs"));
        Path file = Files.createDirectories(root.resolve("private")).resolve("plan.txt");
        Files.writeString(file, "the plan\n");
        return root;
    }

    @Test
    void lighttpd_serves_a_file_to_whom_hearth_lets_pass() throws Exception { // F37, I13
        try (Backend backend = Backend.onUnix(folder, new Site());
                Front lighttpd =
                        LighttpdServer.start(
                                folder,
                                "hearth-auth.conf",
                                Map.of(
                                        "auth.conf",
                                        """
                                        var.hearth_socket = "%s"
                                        var.hearth_private = "/private"
                                        var.hearth_docroot = "%s"
                                        """
                                                .formatted(backend.socket(), privateFile())))) {
            HttpResponse<String> refused = get(lighttpd.uri("/private/plan.txt?token=bad"));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("not with this token\n");
            assertThat(get(lighttpd.uri("/private/plan.txt?token=good")).body())
                    .isEqualTo("the plan\n");
        }
    }

    @Test
    void nginx_serves_a_file_to_whom_hearth_lets_pass() throws Exception { // F37
        try (Backend backend = Backend.onUnix(folder, new Site());
                NginxServer nginx =
                        NginxServer.authorizing(backend.socket(), privateFile(), folder)) {
            assertThat(get(nginx.uri("/private/plan.txt?token=bad")).statusCode()).isEqualTo(403);
            assertThat(get(nginx.uri("/private/plan.txt")).statusCode()).isEqualTo(403);
            HttpResponse<String> plan = get(nginx.uri("/private/plan.txt?token=good"));
            assertThat(plan.body()).isEqualTo("the plan\n");
            assertThat(plan.headers().firstValue("X-Remote-User")).hasValue("ada");
            assertThat(get(nginx.uri("/hearth-authorize?token=good")).statusCode()).isEqualTo(404);
        }
        try (NginxServer nginx =
                NginxServer.authorizing(folder.resolve("nobody.sock"), privateFile(), folder)) {
            assertThat(get(nginx.uri("/private/plan.txt?token=good")).statusCode()).isEqualTo(500);
        }
    }

    @Test
    void apache_serves_a_file_to_whom_hearth_lets_pass() throws Exception { // F37
        try (Backend backend = Backend.onTcp(new Site());
                Front apache =
                        ApacheServer.start(
                                folder,
                                List.of("authn_core", "authz_user", "auth_basic", "authnz_fcgi"),
                                List.of(
                                        "DocumentRoot " + privateFile(),
                                        "Define HEARTH_AUTH fcgi://127.0.0.1:%d/"
                                                .formatted(backend.tcpPort())),
                                ApacheServer.DEPLOY.resolve("hearth-auth.conf"))) {
            assertThat(get(apache.uri("/private/plan.txt")).statusCode()).isIn(401, 403);
            assertThat(get(apache.uri("/private/plan.txt"), "Basic Z29vZDpnb29k").body())
                    .isEqualTo("the plan\n");
        }
    }
}
