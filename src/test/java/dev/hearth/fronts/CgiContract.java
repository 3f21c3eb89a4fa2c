package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/// What a web server and a CGI program make of a request between them, whichever the two are (RFC 3875).
abstract class CgiContract {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Parameter CgiFront kind;

    @TempDir Path folder;

    private Front front;

    /// Makes the program, a file `hearth.cgi` in a folder of its own below this one.
    abstract Path program(Path folder) throws Exception;

    @BeforeEach
    void start() throws Exception {
        front = kind.start(folder, program(folder));
    }

    @AfterEach
    void stop() {
        front.close();
        http.close();
    }

    final HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(front.uri(path));
    }

    final HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    final HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    final HttpClient http() {
        return http;
    }

    @Test
    void a_document_with_its_path_query_and_headers()
            throws Exception { // C1, C5, C8, C11, C14, C23
        HttpResponse<String> response =
                send(
                        request("/echo/a%20b/gr%C3%BC%C3%9Fe?q=1&r=%25&&x")
                                .header("X-A-B", "value")
                                .header("Cookie", "theme=dark"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .get()
                .asString()
                .startsWith("text/plain");
        assertThat(response.body())
                .contains("method GET\n", "path /echo/a b/grüße\n", "query q=1&r=%25&&x\n")
                .contains("x-a-b value\n", "cookie theme=dark\n");
        assertThat(get("/").body()).isEqualTo("the root\n");
    }

    @Test
    void a_body_of_known_length_and_of_none() throws Exception { // C2, C3, C15, C16
        byte[] body = new byte[300_000];
        new Random(7).nextBytes(body);
        String digest = HexFormat.of().formatHex(Site.sha256().digest(body));
        assertThat(send(request("/digest").POST(BodyPublishers.ofByteArray(body))).body())
                .isEqualTo("300000 " + digest + "\n");
        assertThat(
                        send(request("/echo")
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofString("{}")))
                                .body())
                .contains("type application/json\n", "body {}\n");
        assertThat(send(request("/echo").POST(BodyPublishers.noBody())).body()).contains("body \n");
    }

    @Test
    void head_has_headers_and_no_body() throws Exception { // C19
        HttpResponse<String> head = send(request("/hello").HEAD());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Type"))
                .get()
                .asString()
                .startsWith("text/plain");
    }

    @Test
    void a_redirect_reaches_the_client() throws Exception { // C26
        HttpResponse<String> response = get("/redirect/away");
        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(response.headers().firstValue("Location")).contains("https://example.org/a?b=c");
    }

    @Test
    void answers_without_a_body_and_refusals() throws Exception { // C6, C20, C29, C31
        assertThat(get("/nothing").statusCode()).isEqualTo(204);
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        HttpResponse<String> refused = send(request("/hello").DELETE());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).get().asString().contains("GET");
    }

    @Test
    void words_of_the_query_and_a_proxy_are_the_clients_own() throws Exception { // C21, C35
        assertThat(get("/echo?-version").body()).contains("query -version\n");
        assertThat(send(request("/variables").header("Proxy", "http://evil.example/")).body())
                .doesNotContain("evil.example");
    }

    @Test
    void a_handler_that_fails_is_a_500() throws Exception { // C22
        assertThat(get("/fail?why=test").statusCode()).isEqualTo(500);
    }
}
