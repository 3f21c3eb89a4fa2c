package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder on a shared host: `deploy/apache/htaccess` and `hearth.fcgi` in it, and nothing else to configure.
class SharedHostIT {

    private static HttpResponse<String> get(URI uri) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).header("Authorization", "Bearer t-1").build();
            return http.send(request, BodyHandlers.ofString());
        }
    }

    @Test
    void files_are_served_by_apache_and_all_else_by_hearth(@TempDir Path folder)
            throws Exception { // C11, I10
        Path site = Files.createDirectories(folder.resolve("public"));
        Files.copy(ApacheServer.DEPLOY.resolve("htaccess"), site.resolve(".htaccess"));
        Files.copy(
                ApacheServer.DEPLOY.resolve("hearth.fcgi"),
                site.resolve("hearth.fcgi"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(site.resolve("style.css"), "body {}\n");
        List<String> ours =
                List.of("hearth.toml", "hearth.db", "stripe.secret", "payments.key", "relay.pid");
        for (String name : ours) {
            Files.writeString(site.resolve(name), "# for nobody\n");
        }
        try (Front apache =
                ApacheServer.start(
                        folder,
                        List.of("alias", "env", "dir", "rewrite", "fcgid"),
                        List.of(
                                "DocumentRoot " + site,
                                "<Directory %s>".formatted(site),
                                "AllowOverride All",
                                "</Directory>",
                                "FcgidInitialEnv HEARTH_COMMAND " + FrontWorker.script(folder),
                                "FcgidIPCDir " + folder,
                                "FcgidProcessTableFile " + folder.resolve("fcgid_shm")))) {
            assertThat(get(apache.uri("/echo/a%20b/gr%C3%BC%C3%9Fe?q=1&r=%25")).body())
                    .contains("path /echo/a b/grüße\n", "query q=1&r=%25\n")
                    .contains("authorization Bearer t-1\n");
            assertThat(get(apache.uri("/")).body()).isEqualTo("the root\n");
            assertThat(get(apache.uri("/nowhere")).statusCode()).isEqualTo(404);
            assertThat(get(apache.uri("/style.css")).body()).isEqualTo("body {}\n");
            for (String name : ours) {
                assertThat(get(apache.uri("/" + name)).statusCode()).as(name).isEqualTo(403);
            }
        }
    }
}
