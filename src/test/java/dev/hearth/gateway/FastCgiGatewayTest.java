package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.http.AddressRange;
import dev.hearth.http.Handler;
import dev.hearth.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class FastCgiGatewayTest {
    private static final int RESPONDER = 1;
    private static final int AUTHORIZER = 2;
    private static final int FILTER = 3;

    @TempDir Path folder;

    private record Answer(String stdout, int appStatus, int protocolStatus) {}

    private static Map<String, String> post(String path, int length) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("REQUEST_METHOD", "POST");
        variables.put("SCRIPT_NAME", path);
        variables.put("CONTENT_LENGTH", Integer.toString(length));
        return variables;
    }

    private Answer ask(FastCgiGateway gateway, int role, Map<String, String> variables, String body)
            throws IOException {
        Limits limits =
                Limits.DEFAULT.with(changes -> changes.bodyTimeout = Duration.ofMillis(100));
        try (Listener listener = ListenAddress.parse("unix:" + folder.resolve("s")).open();
                var _ = FastCgiServer.start(List.of(listener.channel()), gateway, limits);
                var channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("s")))) {
            ByteArrayOutputStream pairs = new ByteArrayOutputStream();
            variables.forEach((name, value) -> NameValuePairs.encode(pairs, name, value));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            record(all, 1, new byte[] {0, (byte) role, 0, 0, 0, 0, 0, 0});
            record(all, 4, pairs.toByteArray());
            record(all, 4, new byte[0]);
            if (!body.isEmpty()) {
                record(all, 5, body.getBytes(StandardCharsets.ISO_8859_1));
            }
            if (!body.endsWith("…")) {
                record(all, 5, new byte[0]);
            }
            Channels.newOutputStream(channel).write(all.toByteArray());
            return answer(new DataInputStream(Channels.newInputStream(channel)));
        }
    }

    private static void record(ByteArrayOutputStream out, int type, byte[] content) {
        out.writeBytes(new byte[] {1, (byte) type, 0, 1});
        out.writeBytes(new byte[] {(byte) (content.length >> 8), (byte) content.length, 0, 0});
        out.writeBytes(content);
    }

    private static Answer answer(DataInputStream in) throws IOException {
        StringBuilder stdout = new StringBuilder();
        while (true) {
            int type = in.readInt() >> 16 & 0xff;
            byte[] content = new byte[in.readUnsignedShort()];
            int padding = in.readUnsignedShort() >> 8;
            in.readFully(content);
            in.skipNBytes(padding);
            if (type == 3) {
                return new Answer(stdout.toString(), content[3] & 0xff, content[4]);
            }
            stdout.append(new String(content, StandardCharsets.ISO_8859_1));
        }
    }

    private Answer respond(Handler handler, Map<String, String> variables, String body)
            throws IOException {
        return ask(new FastCgiGateway(handler), RESPONDER, variables, body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.7                 | 203.0.113.9 https shop.example",
                "192.0.2.0/24, 203.0.113.9 | 198.51.100.1 https shop.example",
                "10.0.0.0/8                | 192.0.2.7 http front", // the web server's client is
                // not one
            })
    void proxies_in_front_of_the_web_server_count_only_where_they_are_configured(
            String trusted, String seen) throws IOException {
        Map<String, String> variables = post("/", 0);
        variables.put("REMOTE_ADDR", "192.0.2.7");
        variables.put("HTTP_HOST", "front");
        variables.put("HTTP_X_FORWARDED_FOR", "198.51.100.1, 203.0.113.9");
        variables.put("HTTP_X_FORWARDED_PROTO", "https");
        variables.put("HTTP_X_FORWARDED_HOST", "shop.example");
        Handler who =
                request ->
                        Response.text(
                                request.remoteAddress()
                                        + " "
                                        + request.scheme()
                                        + " "
                                        + request.host());
        FastCgiGateway gateway =
                new FastCgiGateway(who)
                        .withTrustedProxies(
                                Stream.of(trusted.split(", ")).map(AddressRange::parse).toList());
        assertThat(ask(gateway, RESPONDER, variables, "").stdout()).endsWith("\r\n\r\n" + seen);
    }

    @Test
    void which_gateway_interface_it_is_need_not_be_said() throws Exception { // C4
        FastCgiGateway gateway = new FastCgiGateway(_ -> Response.text("served\n"));
        Map<String, String> unsaid = post("/", 0);
        assertThat(unsaid).doesNotContainKey("GATEWAY_INTERFACE");
        Map<String, String> newer = post("/", 0);
        newer.put("GATEWAY_INTERFACE", "CGI/1.2");
        assertThat(ask(gateway, RESPONDER, unsaid, "").stdout()).endsWith("served\n");
        assertThat(ask(gateway, RESPONDER, newer, "").stdout()).endsWith("served\n");
    }

    @Test
    void a_handler_answers_what_it_read() throws IOException { // C2, C16, F36
        Answer answer =
                respond(
                        request -> Response.bytes(200, "text/plain", request.bytes(100)),
                        post("/", 3),
                        "abcdef");
        assertThat(answer.stdout()).startsWith("Status: 200 OK\r\n").endsWith("\r\n\r\nabc");
        assertThat(answer.appStatus()).isZero();
    }

    @Test
    void a_bug_gives_500_and_a_status_that_is_not_zero() throws IOException { // F36, T16
        Answer answer =
                respond(
                        _ -> {
                            throw new IllegalStateException("secret detail");
                        },
                        post("/", 0),
                        "");
        assertThat(answer.stdout()).startsWith("Status: 500 ").doesNotContain("secret detail");
        assertThat(answer.appStatus()).isNotZero();
        assertThat(answer.protocolStatus()).isZero();
    }

    @Test
    void a_body_that_fails_half_way_cuts_the_response_visibly() throws IOException { // T16, C30
        Answer answer =
                respond(
                        _ ->
                                Response.stream(
                                        "text/plain",
                                        out -> {
                                            out.write("half".getBytes(StandardCharsets.US_ASCII));
                                            out.flush();
                                            throw new IOException("the source is gone");
                                        }),
                        post("/", 0),
                        "");
        assertThat(answer.stdout()).endsWith("\r\n\r\nhalf");
        assertThat(answer.appStatus()).isNotZero();
    }

    @Test
    void a_cut_body_is_400_and_a_late_one_408() throws IOException { // F35, T13
        Handler reader = request -> Response.bytes(200, "text/plain", request.bytes(100));
        assertThat(respond(reader, post("/", 5), "abc").stdout()).startsWith("Status: 400 ");
        assertThat(respond(reader, post("/", 5), "a…").stdout()).startsWith("Status: 408 ");
    }

    @Test
    void a_body_over_the_handlers_limit_is_413() throws IOException { // C34
        Handler reader = request -> Response.bytes(200, "text/plain", request.bytes(4));
        assertThat(respond(reader, post("/", 5), "abcde").stdout()).startsWith("Status: 413 ");
        assertThat(respond(reader, post("/", 4), "abcd").stdout()).startsWith("Status: 200 ");
    }

    @Test
    void a_path_or_method_that_cannot_be_used_is_400() throws IOException { // C5, C10
        Handler hello = _ -> Response.text("Hello");
        assertThat(respond(hello, post("/../x", 0), "").stdout()).startsWith("Status: 400 ");
        assertThat(respond(hello, Map.of("SCRIPT_NAME", "/"), "").stdout())
                .startsWith("Status: 400 ");
        assertThat(respond(hello, Map.of(), "").stdout()).startsWith("Status: 400 ");
    }

    @Test
    void an_authorizer_allows_with_variables_and_needs_no_path() throws IOException { // F37
        FastCgiGateway gateway =
                new FastCgiGateway(_ -> Response.text("responder"))
                        .withAuthorizer(request ->
                                request.header("X-Key").isPresent()
                                        ? Response.status(200).withHeader("Variable-USER", "ann")
                                        : Response.text(403, "no " + request.path()));
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("REQUEST_METHOD", "GET");
        assertThat(ask(gateway, AUTHORIZER, variables, "").stdout())
                .startsWith("Status: 403 ")
                .endsWith("no /");
        variables.put("REQUEST_URI", "/secret?x");
        assertThat(ask(gateway, AUTHORIZER, variables, "").stdout()).endsWith("no /secret");
        variables.put("HTTP_X_KEY", "1");
        assertThat(ask(gateway, AUTHORIZER, variables, "").stdout())
                .startsWith("Status: 200 OK\r\nVariable-USER: ann\r\n");
    }

    @Test
    void roles_without_a_handler_are_refused() throws IOException { // F27, F38
        FastCgiGateway gateway = new FastCgiGateway(_ -> Response.text("responder"));
        assertThat(ask(gateway, AUTHORIZER, post("/", 0), "").protocolStatus()).isEqualTo(3);
        assertThat(ask(gateway, FILTER, post("/", 0), "").protocolStatus()).isEqualTo(3);
    }

    @Test
    void tasks_run_after_the_answer_is_out() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(1);
        Handler handler =
                _ ->
                        Response.text("Hello")
                                .afterwards(() -> {
                                    try {
                                        answered.await();
                                        ran.countDown();
                                    } catch (InterruptedException stopping) {
                                        Thread.currentThread().interrupt();
                                    }
                                })
                                .afterwards(() -> {
                                    throw new IllegalStateException(
                                            "a task that fails harms nobody");
                                });
        Answer answer = respond(handler, post("/", 0), "");
        assertThat(answer.stdout()).endsWith("Hello");
        answered.countDown();
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
