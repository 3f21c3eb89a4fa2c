package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.ABORT;
import static dev.hearth.fastcgi.FakeWebServer.BEGIN;
import static dev.hearth.fastcgi.FakeWebServer.DATA;
import static dev.hearth.fastcgi.FakeWebServer.END;
import static dev.hearth.fastcgi.FakeWebServer.GET_VALUES;
import static dev.hearth.fastcgi.FakeWebServer.GET_VALUES_RESULT;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDERR;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.STDOUT;
import static dev.hearth.fastcgi.FakeWebServer.UNKNOWN_TYPE;
import static dev.hearth.fastcgi.FakeWebServer.beginBody;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.record;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Answer;
import dev.hearth.fastcgi.FakeWebServer.Received;
import dev.hearth.fastcgi.TestServer.Transport;
import dev.hearth.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the protocol allows and no web server does, and what it forbids, in bulk.
@Timeout(60)
class OddPeerTest {
    private static final byte[] NOTHING = {};

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void every_type_that_it_does_not_know_is_named_and_passed_over() throws IOException { // F24, F7
        try (var server = TestServer.start(TestServer::echo);
                var odd = server.connect()) {
            for (int type = 0; type <= 255; type++) {
                if (type >= BEGIN && type <= UNKNOWN_TYPE) {
                    continue;
                }
                odd.send(record(type, 0, new byte[type % 9], type));
                Received named = odd.next();
                assertThat(named.type()).isEqualTo(UNKNOWN_TYPE);
                assertThat(named.id()).isZero();
                assertThat(named.content()).containsExactly(type, 0, 0, 0, 0, 0, 0, 0);
            }
            assertThat(odd.isQuietAndUsable()).isTrue();
        }
    }

    @Test
    void a_request_is_not_changed_by_what_stands_between_its_records()
            throws IOException { // F14, F15, F16
        try (var server = TestServer.start(TestServer::echo);
                var odd = server.connect()) {
            byte[] noise = noise();
            odd.begin(1, true).send(noise);
            byte[] pairs = pairs(variables("POST", "/", 4));
            odd.send(PARAMS, 1, Arrays.copyOf(pairs, 20)).send(noise);
            odd.send(PARAMS, 1, Arrays.copyOfRange(pairs, 20, pairs.length)).send(noise);
            odd.send(PARAMS, 1, NOTHING).send(noise);
            odd.send(STDIN, 1, "ab").send(noise).send(STDIN, 1, "cd").send(noise);
            odd.send(STDIN, 1, NOTHING);
            assertThat(odd.answer(1).stdout()).endsWith("\r\n\r\nabcd");
            assertThat(odd.send(noise).isQuietAndUsable()).isTrue();
        }
    }

    /// Records that mean nothing to an application, to request 1 and to others.
    private static byte[] noise() {
        ByteArrayOutputStream noise = new ByteArrayOutputStream();
        for (int id : new int[] {1, 2, 65_535}) {
            for (int type : new int[] {END, STDOUT, STDERR, GET_VALUES, UNKNOWN_TYPE, 0, 12, 255}) {
                noise.writeBytes(record(type, id, new byte[8], type));
            }
        }
        for (int type : new int[] {END, STDOUT, STDERR, GET_VALUES_RESULT, UNKNOWN_TYPE}) {
            noise.writeBytes(record(type, 0, new byte[8], 3));
        }
        noise.writeBytes(record(ABORT, 7, NOTHING, 255));
        noise.writeBytes(record(DATA, 7, new byte[65_535], 255));
        return noise.toByteArray();
    }

    @Test
    void a_question_may_be_cut_anywhere() throws IOException { // F10, F22
        byte[] question = record(GET_VALUES, 0, pairs(Map.of("FCGI_MPXS_CONNS", "ignored")), 255);
        try (var server = TestServer.start(TestServer::hello);
                var odd = server.connect()) {
            for (int cut = 1; cut < question.length; cut++) {
                odd.send(Arrays.copyOf(question, cut));
                odd.send(Arrays.copyOfRange(question, cut, question.length));
                assertThat(odd.next().content()).endsWith(utf8("FCGI_MPXS_CONNS1"));
            }
        }
    }

    @Test
    void a_name_of_a_hundred_thousand_bytes_is_a_name() throws IOException { // F17, F18
        Map<String, String> variables = variables("GET", "/?" + "N".repeat(10), 0);
        variables.put("N".repeat(100_000), "long");
        variables.put("", "none");
        variables.put("NNNNNNNNNN", "short");
        byte[] pairs = pairs(variables);
        try (var server = TestServer.start(TestServer::variable);
                var odd = server.connect()) {
            odd.begin(1, true);
            for (int at = 0; at < pairs.length; at += 0xffff) {
                int end = Math.min(pairs.length, at + 0xffff);
                odd.send(record(PARAMS, 1, Arrays.copyOfRange(pairs, at, end), 255));
            }
            odd.send(PARAMS, 1, NOTHING).send(STDIN, 1, NOTHING);
            assertThat(odd.answer(1).stdout()).isEqualTo("\r\nshort");
        }
    }

    @Test
    void an_unknown_role_leaves_the_others_alone_also_where_it_ends_the_connection()
            throws IOException { // F26, F27, F28
        try (var server = TestServer.start(TestServer::hello);
                var odd = server.connect()) {
            odd.begin(1, true).begin(2, 65_535, 1).begin(3, 4, 0);
            assertThat(odd.answer(2).protocolStatus()).isEqualTo(3);
            assertThat(odd.answer(3).protocolStatus()).isEqualTo(3);
            byte[] request = get(1, true, "/");
            odd.send(Arrays.copyOfRange(request, 16, request.length));
            assertThat(odd.answer(1).stdout()).endsWith("Hello!");
            assertThat(odd.isClosedByServer()).isTrue();
        }
    }

    @Test
    void an_abort_may_come_in_one_write_with_what_it_aborts_and_what_follows()
            throws IOException { // F13, F41, T6
        FastCgiHandler handler =
                request -> {
                    if (request.params().getOrEmpty("SCRIPT_NAME").equals("/waits")) {
                        new CountDownLatch(1).await();
                    }
                    return TestServer.hello(request);
                };
        try (var server = TestServer.start(handler);
                var odd = server.connect()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 100; i++) {
                all.writeBytes(get(5, true, "/waits"));
                all.writeBytes(record(ABORT, 5, new byte[3], 255));
            }
            all.writeBytes(get(5, true, "/"));
            odd.send(all.toByteArray());
            for (int i = 0; i < 100; i++) {
                Answer aborted = odd.answer(5);
                assertThat(aborted.appStatus()).isNotZero();
                assertThat(aborted.stdout()).isEmpty();
            }
            assertThat(odd.answer(5).stdout()).endsWith("Hello!");
            assertThat(odd.isQuietAndUsable()).isTrue();
            Await.until(
                    "the handlers have ended", () -> server.server().statistics().running() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sixty_four_requests_may_be_mixed_record_by_record(Transport transport)
            throws IOException { // F10, F15, F28, T15
        Random random = new Random(64);
        Map<Integer, byte[]> bodies = new HashMap<>();
        List<ArrayDeque<byte[]>> streams = new ArrayList<>();
        while (streams.size() < 64) {
            int id = 1 + random.nextInt(65_535);
            byte[] body = new byte[1 + random.nextInt(3_000)];
            random.nextBytes(body);
            if (bodies.putIfAbsent(id, body) == null) {
                streams.add(records(id, body, random));
            }
        }
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        while (!streams.isEmpty()) {
            int next = random.nextInt(streams.size());
            mixed.writeBytes(streams.get(next).poll());
            if (streams.get(next).isEmpty()) {
                streams.remove(next);
            }
        }
        try (var server = TestServer.start(transport, TestServer::echo);
                var odd = server.connect()) {
            odd.send(mixed.toByteArray());
            Map<Integer, ByteArrayOutputStream> answers = new HashMap<>();
            for (int ended = 0; ended < 64; ) {
                Received record = odd.next();
                if (record.type() == END) {
                    assertThat(record.content()).containsOnly(0);
                    ended++;
                } else {
                    answers.computeIfAbsent(record.id(), _ -> new ByteArrayOutputStream())
                            .writeBytes(record.content());
                }
            }
            assertThat(answers.keySet()).isEqualTo(bodies.keySet());
            bodies.forEach((id, body) -> assertThat(answers.get(id).toByteArray()).endsWith(body));
            assertThat(odd.isQuietAndUsable()).isTrue();
        }
    }

    /// A request in small records with padding of any length.
    private static ArrayDeque<byte[]> records(int id, byte[] body, Random random) {
        ArrayDeque<byte[]> records = new ArrayDeque<>();
        records.add(record(BEGIN, id, beginBody(1, 1), random.nextInt(256)));
        byte[] pairs = pairs(variables("POST", "/", body.length));
        addPieces(records, PARAMS, id, pairs, random);
        addPieces(records, STDIN, id, body, random);
        return records;
    }

    private static void addPieces(
            ArrayDeque<byte[]> records, int type, int id, byte[] stream, Random random) {
        for (int at = 0; at < stream.length; ) {
            int end = Math.min(stream.length, at + 1 + random.nextInt(100));
            records.add(record(type, id, Arrays.copyOfRange(stream, at, end), random.nextInt(256)));
            at = end;
        }
        records.add(record(type, id, NOTHING, random.nextInt(256)));
    }

    @ParameterizedTest
    @EnumSource
    void whatever_records_come_nothing_is_left_behind(Transport transport)
            throws IOException { // F9, F12, F14, F42
        Random random = new Random(11);
        byte[] hello = pairs(variables("GET", "/", 0));
        byte[] echo = pairs(variables("POST", "/", 3));
        byte[][] contents = {NOTHING, beginBody(1, 1), beginBody(3, 0), hello, echo, utf8("abc")};
        try (var server = TestServer.start(transport, TestServer::echo)) {
            for (int run = 0; run < 300; run++) {
                ByteArrayOutputStream records = new ByteArrayOutputStream();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    byte[] content = contents[random.nextInt(contents.length)];
                    int id = random.nextInt(4);
                    records.writeBytes(record(random.nextInt(14), id, content, i));
                }
                sendAndRead(server, records.toByteArray());
            }
            Await.until(
                    "nothing is left",
                    () ->
                            server.server().statistics().running() == 0
                                    && server.server().statistics().connections() == 0);
            assertThat(server.server().statistics().failed()).isZero();
        }
    }

    private static void sendAndRead(TestServer server, byte[] records) throws IOException {
        try (var odd = server.connect()) {
            try {
                odd.send(records).shutdownOutput();
                assertThat(odd.recordsUntilClosed())
                        .extracting(Received::version)
                        .allMatch(version -> version == 1);
            } catch (IOException reset) {
                // The server has closed while it was still being sent to.
                assertThat(server.server().statistics().protocolErrors()).isPositive();
            }
        }
    }
}
