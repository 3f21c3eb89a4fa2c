package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.request;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.ChildProcess;
import dev.hearth.testing.HearthProcess;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the process begins, takes signals and ends.
@Timeout(120)
class ProcessIT {
    // Does what a web server does before it starts an application: a listening socket becomes
    // descriptor 0.
    private static final String SPAWN =
            """
            use Socket; use POSIX ();
            my ($closed, $path, @command) = @ARGV;
            socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die; bind($s, sockaddr_un($path)) or die;
            listen($s, 16) or die;
            if ($closed) { POSIX::close(1); POSIX::close(2); }
            POSIX::dup2(fileno($s), 0); exec @command;
            """;

    @TempDir Path folder;

    private HearthProcess start() throws IOException {
        return HearthProcess.in(folder).program(WaitingProgram.class).start();
    }

    private static FakeWebServer connect(Path socket) throws IOException {
        return FakeWebServer.connect(UnixDomainSocketAddress.of(socket));
    }

    private ChildProcess spawn(boolean outputsClosed, Path socket) throws IOException {
        List<String> command = new ArrayList<>(List.of("perl", "-e", SPAWN));
        command.add(outputsClosed ? "1" : "");
        command.add(socket.toString());
        // As bin/hearth does: a JVM started without them may crash, since its own files take their
        // place.
        command.addAll(
                List.of(
                        "bash",
                        "-c",
                        "[ -e /proc/self/fd/1 ] || exec > /dev/null;"
                                + " [ -e /proc/self/fd/2 ] || exec 2> /dev/null; exec \"$@\"",
                        "hearth"));
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(WaitingProgram.class.getName());
        Map<String, String> environment = Map.of("HEARTH_DATA", folder.resolve("data").toString());
        return ChildProcess.start("spawned", folder, environment, command);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_listening_socket_as_descriptor_0_is_served(boolean outputsClosed)
            throws Exception { // F1, F2, F3, I10
        Path socket = folder.resolve("inherited.sock");
        try (ChildProcess spawned = spawn(outputsClosed, socket)) {
            Await.until("the socket is there", () -> Files.exists(socket));
            try (var fcgid = connect(socket)) {
                assertThat(fcgid.send(get(1, false, "/hello")).answer(1).stdout())
                        .endsWith("Hello!");
                assertThat(fcgid.isClosedByServer()).isTrue();
            }
            try (var fcgid = connect(socket)) {
                FakeWebServer.Answer answer = fcgid.send(get(1, true, "/print")).answer(1);
                assertThat(answer.stdout()).endsWith("\r\n\r\nprinted");
                assertThat(answer.stderr()).isEmpty();
                assertThat(fcgid.isQuietAndUsable()).isTrue();
            }
            assertThat(spawned.stop()).isZero(); // F44
            assertThat(socket).exists(); // it belongs to the web server
        }
    }

    @Test
    void a_request_under_way_survives_SIGTERM_and_nobody_else_gets_in()
            throws Exception { // F44, T19
        try (HearthProcess hearth = start();
                var idle = connect(hearth.socket());
                var nginx = connect(hearth.socket())) {
            assertThat(idle.send(get(1, true, "/hello")).answer(1).appStatus()).isZero();
            Path release = folder.resolve("release");
            nginx.send(get(1, true, "/wait?file=" + release));
            Await.until("the handler runs", () -> Files.exists(folder.resolve("running")));
            hearth.process().signal("TERM");
            assertThat(idle.isClosedByServer()).isTrue();
            Await.until(
                    "connections are refused",
                    () -> {
                        try (var _ = connect(hearth.socket())) {
                            return false;
                        } catch (IOException refused) {
                            return true;
                        }
                    });
            assertThat(hearth.process().isAlive()).isTrue();
            Files.writeString(release, "");
            assertThat(nginx.answer(1).stdout()).endsWith("waited");
            assertThat(nginx.isClosedByServer()).isTrue();
            assertThat(hearth.process().awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "USR1"})
    void signals_that_mean_to_stop_end_it_with_0(String signal) throws Exception { // F44, F45
        try (HearthProcess hearth = start()) {
            hearth.process().signal(signal);
            assertThat(hearth.process().awaitExit()).isZero();
            assertThat(hearth.socket()).doesNotExist();
        }
    }

    @Test
    void peers_that_vanish_and_SIGPIPE_do_not_end_it() throws Exception { // F42, F45, F46
        try (HearthProcess hearth = start()) {
            for (int i = 0; i < 200; i++) {
                try (var nginx = connect(hearth.socket())) {
                    nginx.send(get(1, i % 2 == 0, "/hello"));
                }
            }
            hearth.process().signal("PIPE");
            try (var broken = connect(hearth.socket())) {
                broken.send(new byte[] {9, 9, 9, 9, 9, 9, 9, 9});
                assertThat(broken.recordsUntilClosed()).isEmpty();
            }
            try (var nginx = connect(hearth.socket())) {
                assertThat(nginx.send(get(1, true, "/hello")).answer(1).stdout())
                        .endsWith("Hello!");
            }
            assertThat(hearth.output()).contains("record of version 9").doesNotContain("ERROR");
            assertThat(hearth.stop()).isZero();
        }
    }

    @Test
    void a_malformed_list_of_web_servers_is_a_reason_not_to_start() throws Exception { // F4
        try (HearthProcess hearth =
                HearthProcess.in(folder)
                        .environment("FCGI_WEB_SERVER_ADDRS", "127.0.0.1,localhost")
                        .launch()) {
            assertThat(hearth.process().awaitExit()).isNotZero();
            assertThat(hearth.output()).contains("localhost");
        }
    }

    @Test
    void nothing_that_a_client_sends_is_printed_as_it_is() throws Exception { // T20, C33
        try (HearthProcess hearth = start();
                var nginx = connect(hearth.socket())) {
            for (String uri : List.of("/a\r\nFORGED", "/a\u001b[31mFORGED", "/x?FORGED\nFORGED")) {
                Map<String, String> variables = variables("GET", "/", 0);
                variables.put("SCRIPT_NAME", uri);
                variables.put("REQUEST_URI", uri);
                variables.put("HTTP_AUTHORIZATION", "Basic SECRET");
                variables.put("HTTP_USER_AGENT", "x\r\nFORGED");
                nginx.send(request(1, true, variables, new byte[0])).answer(1);
            }
            assertThat(hearth.output().lines()).noneMatch(line -> line.startsWith("FORGED"));
            assertThat(hearth.output()).doesNotContain("SECRET", "\u001b");
        }
    }
}
