package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The same requests through any front server, and the same answers.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FrontContract {
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Front front;
    private Path folder;

    /// Starts the front server and what is behind it.
    abstract Front start(Path folder) throws Exception;

    /// How many bytes of response headers the front takes with its deploy file.
    int headerBytes() {
        return 16_000;
    }

    /// Whether the front sends what it has of a response before it has all.
    boolean streams() {
        return true;
    }

    /// Whether a client can tell a response of unknown length that was cut from a whole one.
    boolean showsCuts() {
        return true;
    }

    /// Whether the front ends its own answer short where a response of known length was cut.
    boolean showsShortBodies() {
        return true;
    }

    /// Whether what a handler writes to STDERR is in the front's log.
    boolean logsStderr() {
        return true;
    }

    /// How many requests it is sent at the same moment.
    int requestsAtOnce() {
        return 60;
    }

    /// How many responses are cut at the same moment.
    int cutsAtOnce() {
        return requestsAtOnce();
    }

    /// How many bytes of a request body whose length it was not told the front passes on; none if it refuses them.
    int chunkedBytes() {
        return 50_000;
    }

    @BeforeAll
    void open(@TempDir Path created) throws Exception {
        folder = created;
        front = closing(start(created));
    }

    /// Closes it after the tests of this class, the last one first.
    final <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    @AfterAll
    void close() throws Exception {
        String log = front == null ? "" : front.log();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        http.close();
        // I1: no record that the front did not expect, in any of its words for it.
        assertThat(log)
                .doesNotContain("unexpected FastCGI record")
                .doesNotContain("unsupported FastCGI protocol")
                .doesNotContain("unexpected record type")
                .doesNotContain("bogus");
    }

    final Front front() {
        return front;
    }

    final Path folder() {
        return folder;
    }

    final HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(request(path, headers).GET().build());
    }

    final HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(front.uri(path)).timeout(Duration.ofSeconds(25));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    final HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofString());
    }

    final HttpClient http() {
        return http;
    }

    final Path fresh(String name) throws IOException {
        Path file = Files.createTempFile(folder, name, "");
        Files.delete(file);
        return file;
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void a_query_arrives_as_it_was_sent() throws Exception {
        assertThat(get("/echo?a=b&c=%20d+e&&%zz&a=2".replace("%zz", "%25")).body())
                .contains("method GET\n", "path /echo\n", "query a=b&c=%20d+e&&%25&a=2\n");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/echo/one/two, /echo/one/two",
                "/echo/trailing/, /echo/trailing/",
                "/echo/gr%C3%BC%C3%9Fe, /echo/grüße",
                "/echo/a%20b%09, ",
                "/echo/a%20b, /echo/a b",
                "/echo/%252e, /echo/%2e",
                "/echo/100%25, /echo/100%",
                "/echo/a;x=y, /echo/a;x=y",
                "/echo/a+b, /echo/a+b",
                "/echo/%C3%A9%3Fq, /echo/é?q",
            })
    void a_path_leads_to_the_same_route_from_every_front(String raw, String decoded)
            throws Exception { // C5, C11, I8, T22
        HttpResponse<String> response = get(raw + "?q=1");
        if (decoded == null) {
            assertThat(response.statusCode()).as(raw).isEqualTo(400);
        } else {
            assertThat(response.body()).contains("path " + decoded + "\n", "query q=1\n");
        }
    }

    @Test
    void the_root_is_a_path_too() throws Exception {
        assertThat(get("/").body()).isEqualTo("the root\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo/../private/x", "/echo/%2e%2e/private/x", "/echo//x"})
    void what_two_readers_could_understand_differently_is_one_path_for_both(String raw)
            throws Exception { // T22
        HttpResponse<String> response = get(raw);
        // The front cleans the path, and Hearth uses the clean one; or one of them refuses.
        if (response.statusCode() == 200) {
            assertThat(response.body())
                    .containsAnyOf("path /private/x\n", "path /echo/x\n")
                    .doesNotContain("path /echo/..");
        } else {
            assertThat(response.statusCode()).isIn(301, 308, 400, 404);
        }
    }

    @Test
    void head_has_the_headers_of_get_and_no_body() throws Exception { // C19
        HttpResponse<String> head =
                send(request("/hello").method("HEAD", BodyPublishers.noBody()).build());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Type"))
                .isEqualTo(get("/hello").headers().firstValue("Content-Type"));
    }

    @Test
    void an_answer_of_known_length_says_so() throws Exception {
        HttpResponse<String> hello = get("/hello");
        assertThat(hello.body()).isEqualTo("Hello, world!\n");
        assertThat(hello.headers().firstValueAsLong("Content-Length")).hasValue(14);
    }

    @Test
    void a_small_body_and_its_type_arrive() throws Exception { // C3, C15, I6
        HttpRequest post =
                request("/echo", "Content-Type", "text/x-odd; charset=utf-8")
                        .POST(BodyPublishers.ofString("zażółć"))
                        .build();
        assertThat(send(post).body())
                .contains("method POST\n", "type text/x-odd; charset=utf-8\n", "body zażółć\n");
    }

    @Test
    void a_post_without_a_body_is_served() throws Exception {
        assertThat(send(request("/digest").POST(BodyPublishers.noBody()).build()).body())
                .startsWith("0 e3b0c442");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 100_001, 10_000_000})
    void a_body_arrives_byte_for_byte(int length) throws Exception { // T11
        byte[] body = random(length);
        String digest = HexFormat.of().formatHex(Site.sha256().digest(body));
        assertThat(send(request("/digest").POST(BodyPublishers.ofByteArray(body)).build()).body())
                .isEqualTo(length + " " + digest + "\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_001, 10_000_000})
    void a_body_goes_both_ways_at_once_byte_for_byte(int length) throws Exception { // T9, T11, I8
        byte[] body = random(length);
        HttpResponse<byte[]> mirrored =
                http.send(
                        request("/mirror").POST(BodyPublishers.ofByteArray(body)).build(),
                        BodyHandlers.ofByteArray());
        assertThat(mirrored.statusCode()).isEqualTo(200);
        assertThat(Arrays.equals(mirrored.body(), body)).as("the bytes are the same").isTrue();
    }

    @Test
    void a_chunked_body_arrives_decoded() throws Exception { // C2, C17
        if (chunkedBytes() == 0) {
            assertThat(statusOfChunked("/digest")).containsPattern("^HTTP/1.1 (400|411) ");
            return;
        }
        byte[] body = random(chunkedBytes());
        String digest = HexFormat.of().formatHex(Site.sha256().digest(body));
        HttpRequest chunked =
                request("/digest")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body)))
                        .build();
        assertThat(send(chunked).body()).isEqualTo(body.length + " " + digest + "\n");
    }

    /// The first line of the answer to a chunked body that is sent whole, with its header, in one piece: a front that
    /// refuses it may close while more is under way, and its answer would be lost with the reset.
    private String statusOfChunked(String path) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
            client.setSoTimeout(20_000);
            String header =
                    "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .formatted(path, front.port());
            String body = "5\r\nhello\r\n0\r\n\r\n";
            client.getOutputStream().write((header + body).getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(
                            new InputStreamReader(
                                    client.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void an_unknown_path_is_404_and_an_unknown_method_405() throws Exception { // C6, C20
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        HttpResponse<String> refused = send(request("/hello").DELETE().build());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow").orElse("")).contains("GET");
    }

    @ParameterizedTest
    @CsvSource({
        "/redirect,      /echo?from=redirect",
        "/redirect/away, https://example.org/a?b=c",
    })
    void a_redirect_reaches_the_client(String path, String location) throws Exception { // C26
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(303);
        URI target = URI.create(response.headers().firstValue("Location").orElseThrow());
        assertThat(front.uri("/").resolve(target)).isEqualTo(front.uri("/").resolve(location));
    }

    @ParameterizedTest
    @CsvSource({"/nothing, 204", "/unchanged, 304", "/empty, 200"})
    void an_answer_without_a_body_is_whole(String path, int status) throws Exception { // C31, I2
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void cookies_go_both_ways() throws Exception {
        HttpResponse<String> response = get("/cookies", "Cookie", "theme=dark; session=s-7");
        assertThat(response.body()).isEqualTo("s-7\n");
        assertThat(response.headers().allValues("Set-Cookie"))
                .containsExactly("a=1; Path=/; HttpOnly", "b=2; Path=/");
    }

    @Test
    void authorization_and_other_headers_arrive() throws Exception { // I8, I11
        assertThat(get("/echo", "Authorization", "Bearer t-1", "X-A-B", "c, d").body())
                .contains("authorization Bearer t-1\n", "x-a-b c, d\n");
    }

    @Test
    void a_client_names_no_proxy() throws Exception { // C35
        assertThat(get("/variables", "Proxy", "evil:8080", "X-Seen", "yes").body())
                .contains("HTTP_X_SEEN=yes\n")
                .doesNotContain("HTTP_PROXY=evil");
    }

    @Test
    void the_client_and_the_front_are_known() throws Exception { // C9, C13
        assertThat(get("/variables").body())
                .contains("REMOTE_ADDR=127.0.0.1\n", "SERVER_PROTOCOL=HTTP/1.1\n")
                .contains("REQUEST_METHOD=GET\n");
    }

    @Test
    void a_large_header_block_reaches_the_client() throws Exception { // I5
        HttpResponse<String> response = get("/headers?bytes=" + headerBytes());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(
                        response.headers().map().keySet().stream()
                                .filter(name -> name.startsWith("x-large")))
                .hasSize((headerBytes() + 999) / 1_000);
    }

    @Test
    void a_flushed_piece_arrives_before_the_end() throws Exception { // I12
        Assumptions.assumeTrue(streams(), "this front gathers a whole response by design");
        Path gate = fresh("gate");
        HttpResponse<java.io.InputStream> response =
                http.send(request("/stream?gate=" + gate).build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("first");
            Files.createFile(gate);
            assertThat(lines.readLine()).isEqualTo("second");
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void a_handler_that_fails_early_is_a_500() throws Exception { // T16
        HttpResponse<String> response = get("/fail?why=test");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("IllegalState");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cut", "/cut?length"})
    void a_response_that_was_cut_is_not_taken_for_whole(String path) { // T16
        Assumptions.assumeTrue(
                path.endsWith("length") ? showsShortBodies() : showsCuts(),
                "this front cannot tell: see its test");
        // Many: what a front sees depends on what reaches it together.
        List<CompletableFuture<HttpResponse<String>>> answers =
                IntStream.range(0, cutsAtOnce())
                        .mapToObj(
                                _ -> http.sendAsync(request(path).build(), BodyHandlers.ofString()))
                        .toList();
        assertThat(answers).allSatisfy(FrontContract::isNoWholeAnswer);
    }

    private static void isNoWholeAnswer(CompletableFuture<HttpResponse<String>> answer)
            throws InterruptedException {
        try {
            // As good as a cut: the front had sent nothing yet, and says that it failed.
            assertThat(answer.get().statusCode())
                    .as("an answer taken for whole: %s", answer.get())
                    .isIn(500, 502);
        } catch (ExecutionException cut) {
            assertThat(cut).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void a_client_that_vanishes_stops_its_handler() throws Exception { // I7, F42
        Path told = fresh("told");
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
            client.setSoTimeout(20_000);
            client.getOutputStream()
                    .write(
                            "GET /endless?told=%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                                    .formatted(told, front.port())
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(20_000)).hasSize(20_000);
            client.setSoLinger(true, 0);
        }
        Await.until("the handler is told", () -> Files.exists(told));
    }

    @Test
    void a_line_on_stderr_is_in_the_fronts_log() throws Exception { // F32
        assertThat(get("/stderr").body()).isEqualTo("see the log\n");
        Assumptions.assumeTrue(logsStderr(), "this front does not log it: see its test");
        Await.until("the line is logged", () -> front.log().contains("a line for the error log"));
    }

    @Test
    void many_requests_in_a_row_are_all_answered() throws Exception { // I3, I4
        for (int i = 0; i < 200; i++) {
            assertThat(get("/echo?n=" + i).body()).contains("query n=" + i + "\n");
        }
    }

    @Test
    void many_requests_at_once_get_their_own_answers() throws Exception {
        List<String> paths =
                IntStream.range(0, requestsAtOnce()).mapToObj(i -> "/echo?n=" + i).toList();
        var answers =
                paths.stream()
                        .map(path -> http.sendAsync(request(path).build(), BodyHandlers.ofString()))
                        .toList();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get().body()).contains("query n=" + i + "\n");
        }
    }
}
