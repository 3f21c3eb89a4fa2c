package dev.hearth.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import dev.hearth.fastcgi.wire.NameValuePairs;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// [BadInputTest], for what comes by FastCGI: variables in place of a request line.
@Timeout(180)
final class BadFastCgiInputTest {
    private static final int MOST_CONTENT = 65_528;

    @TempDir static Path folder;
    private static Listener listener;
    private static FastCgiServer server;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("ten.txt"), "0123456789");
        listener = ListenAddress.parse("unix:" + folder.resolve("s")).open();
        server =
                FastCgiServer.start(
                        List.of(listener.channel()),
                        new FastCgiGateway(BadInputSite.of(folder)),
                        Limits.DEFAULT.with(changes -> changes.bodyBytes = 1 << 20));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        listener.close();
    }

    /// Variables as they are sent: pairs of names and values, a name twice where a test says so.
    private static String[] get(String uri, String... more) {
        int question = uri.indexOf('?');
        return join(
                more,
                "REQUEST_METHOD",
                "GET",
                "REQUEST_URI",
                uri,
                "QUERY_STRING",
                question < 0 ? "" : uri.substring(question + 1),
                "SERVER_PROTOCOL",
                "HTTP/1.1");
    }

    private static String[] post(String uri, String type, int length, String... more) {
        return join(
                more,
                "REQUEST_METHOD",
                "POST",
                "REQUEST_URI",
                uri,
                "CONTENT_TYPE",
                type,
                "CONTENT_LENGTH",
                Integer.toString(length));
    }

    private static String[] join(String[] more, String... first) {
        String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private static String ask(String[] pairs, String body) throws IOException {
        ByteArrayOutputStream params = new ByteArrayOutputStream();
        for (int i = 0; i < pairs.length; i += 2) {
            NameValuePairs.encode(params, pairs[i], pairs[i + 1]);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        record(all, 1, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
        stream(all, 4, params.toByteArray());
        stream(all, 5, body.getBytes(ISO_8859_1));
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("s")))) {
            Thread sender = Thread.ofPlatform().start(() -> send(channel, all.toByteArray()));
            String answer = answer(new DataInputStream(Channels.newInputStream(channel)));
            channel.close();
            sender.join();
            return answer;
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    /// What an answer that came first leaves unread is no failure.
    private static void send(SocketChannel channel, byte[] all) {
        try {
            OutputStream out = Channels.newOutputStream(channel);
            out.write(all);
        } catch (IOException answeredAlready) {
            // the answer tells
        }
    }

    private static void stream(ByteArrayOutputStream out, int type, byte[] content) {
        for (int at = 0; at < content.length; at += MOST_CONTENT) {
            int end = Math.min(content.length, at + MOST_CONTENT);
            record(out, type, java.util.Arrays.copyOfRange(content, at, end));
        }
        record(out, type, new byte[0]);
    }

    private static void record(ByteArrayOutputStream out, int type, byte[] content) {
        out.writeBytes(new byte[] {1, (byte) type, 0, 1});
        out.writeBytes(new byte[] {(byte) (content.length >> 8), (byte) content.length, 0, 0});
        out.writeBytes(content);
    }

    private static String answer(DataInputStream in) throws IOException {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        while (true) {
            int type = in.readInt() >> 16 & 0xff;
            byte[] content = new byte[in.readUnsignedShort()];
            int padding = in.readUnsignedShort() >> 8;
            in.readFully(content);
            in.skipNBytes(padding);
            if (type == 3) {
                return stdout.toString(UTF_8);
            }
            stdout.write(content);
        }
    }

    static Arguments[] bad() {
        String form = "application/x-www-form-urlencoded";
        String json = "application/json";
        String multipart = "multipart/form-data; boundary=b";
        String part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n";
        String fields = "a=1&".repeat(10_000);
        return new Arguments[] {
            Arguments.of("path that is not UTF-8", get("/u/%ff"), "", 400),
            Arguments.of("overlong UTF-8", get("/u/%c0%af"), "", 400),
            Arguments.of("overlong path", get("/u/" + "a".repeat(9_000)), "", 414),
            Arguments.of("10,000 parameters", get("/search?" + fields), "", 400),
            Arguments.of("header of 1 MB", get("/u/1", "HTTP_X", "a".repeat(1 << 20)), "", 431),
            Arguments.of("dot segments", get("/f/../ten.txt"), "", 400),
            Arguments.of("encoded dot segments", get("/f/%2e%2e/ten.txt"), "", 400),
            Arguments.of("encoded slash", get("/f/a%2fb"), "", 400),
            Arguments.of("NUL in the path", get("/f/a%00"), "", 400),
            Arguments.of("query badly encoded", get("/search?page=%zz"), "", 400),
            Arguments.of(
                    "range out of bounds", get("/f/ten.txt", "HTTP_RANGE", "bytes=10-"), "", 416),
            Arguments.of("malformed JSON", post("/json", json, 9), "{\"cake\": ", 400),
            Arguments.of("JSON that is not UTF-8", post("/json", json, 3), "\"\u00ff\"", 400),
            Arguments.of(
                    "decompression bomb",
                    post("/json", json, 1, "HTTP_CONTENT_ENCODING", "gzip"),
                    "x",
                    415),
            Arguments.of("form with 10,000 fields", post("/form", form, 40_000), fields, 400),
            Arguments.of(
                    "multipart without end",
                    post("/upload", multipart, part.length() + 4),
                    part + "text",
                    400),
            Arguments.of("body shorter than announced", post("/form", form, 10), "a=1", 400),
            Arguments.of(
                    "body over the limit",
                    post("/form", form, (1 << 20) + 1),
                    "a".repeat((1 << 20) + 1),
                    413),
            Arguments.of("two lengths", post("/form", form, 3, "CONTENT_LENGTH", "4"), "a=1", 400),
            Arguments.of("length that is no number", get("/u/1", "CONTENT_LENGTH", "1e3"), "", 400),
            Arguments.of("negative length", get("/u/1", "CONTENT_LENGTH", "-5"), "", 400),
            Arguments.of("no method", new String[] {"REQUEST_URI", "/u/1"}, "", 400),
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void bad_input_is_told_what_to_change(String kind, String[] pairs, String body, int status)
            throws IOException {
        assertThat(ask(pairs, body))
                .as(kind)
                .startsWith("Status: " + status + " ")
                .contains(
                        "application/problem+json",
                        "\"type\":\"urn:hearth:problem:",
                        "\"detail\":\"")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void good_json_cut_anywhere_is_refused_and_the_whole_is_not() throws IOException {
        String whole = "{\"cake\": \"Sacher\", \"quantity\": 12}";
        for (int cut = 0; cut < whole.length(); cut++) {
            assertThat(ask(post("/json", "application/json", cut), whole.substring(0, cut)))
                    .as("cut at %d", cut)
                    .startsWith("Status: 4")
                    .contains("application/problem+json");
        }
        assertThat(ask(post("/json", "application/json", whole.length()), whole))
                .startsWith("Status: 201 Created\r\n");
    }
}
