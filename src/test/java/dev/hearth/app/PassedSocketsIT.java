package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.WaitingProgram;
import dev.hearth.testing.Await;
import dev.hearth.testing.ChildProcess;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.NginxServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sockets that another process passes (systemd-socket-activate stands for systemd), and those that are none or
/// not ours.
class PassedSocketsIT {
    private static final Path SETFACL = Path.of("/usr/bin/setfacl");

    /// It passes no variables of its own accord.
    private static final String[] VARIABLES = {
        "-E", "HEARTH_DATA", "-E", "HEARTH_WEBHOOK_STRIPE_SECRET", "-E", "PATH"
    };

    private static final Path ACTIVATE = Path.of("/usr/bin/systemd-socket-activate");

    @TempDir Path folder;

    @Test
    void several_sockets_of_both_kinds_are_served() throws Exception {
        int port = freePort();
        Path socket = folder.resolve("passed.sock");
        try (HearthProcess hearth =
                        passed("-l", socket.toString(), "-l", "127.0.0.1:" + port).launch();
                HttpClient http = HttpClient.newHttpClient()) {
            wake(socket);
            hearth.process().awaitOutput(" is ready.");

            for (String upstream : List.of("unix:" + socket, "127.0.0.1:" + port)) {
                assertThat(hearth.output()).contains("  FastCGI   " + upstream + "\n");
                try (NginxServer nginx = NginxServer.inFrontOf(upstream, folder)) {
                    var answer =
                            http.send(
                                    HttpRequest.newBuilder(nginx.uri("/hello")).build(),
                                    BodyHandlers.ofString());
                    assertThat(answer.body()).as(upstream).isEqualTo("Hello!");
                }
            }
            assertThat(hearth.stop()).isZero();
            assertThat(socket).exists(); // it is not ours to remove
        }
    }

    @Test
    void a_socket_named_http_speaks_it() throws Exception {
        int port = freePort();
        Path socket = folder.resolve("passed.sock");
        Assumptions.assumeTrue(
                Files.isExecutable(ACTIVATE), "systemd-socket-activate is not installed");
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .program(WaitingProgram.class)
                        .onlyOptions()
                        .launcher(ACTIVATE.toString(), "--fdname=fastcgi:http")
                        .launcher("-l", socket.toString(), "-l", "127.0.0.1:" + port)
                        .launcher(VARIABLES);
        try (HearthProcess hearth = plan.launch();
                HttpClient http = HttpClient.newHttpClient();
                NginxServer nginx = NginxServer.inFrontOf(socket, folder)) {
            wake(socket);
            for (URI uri :
                    List.of(
                            URI.create("http://127.0.0.1:" + port + "/hello"),
                            nginx.uri("/hello"))) {
                var answer =
                        http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                assertThat(answer.body()).as(uri.toString()).isEqualTo("Hello!");
            }
            assertThat(hearth.output())
                    .contains("  FastCGI   unix:" + socket + "\n")
                    .contains("  HTTP      http://127.0.0.1:" + port + "\n");
            assertThat(hearth.stop()).isZero();
        }
    }

    @Test
    void two_sockets_for_http_are_refused() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(ACTIVATE), "systemd-socket-activate is not installed");
        Path one = folder.resolve("one.sock");
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .program(WaitingProgram.class)
                        .onlyOptions()
                        .launcher(ACTIVATE.toString(), "--fdname=http:http")
                        .launcher("-l", one.toString(), "-l", folder.resolve("two.sock").toString())
                        .launcher(VARIABLES);
        try (HearthProcess hearth = plan.launch()) {
            wake(one);
            assertThat(hearth.process().awaitExit()).as(hearth.output()).isEqualTo(78);
            assertThat(hearth.output())
                    .contains("2 sockets were passed with the name http: HTTP is spoken on one");
        }
    }

    @Test
    void one_that_is_passed_for_nothing_is_told() throws Exception {
        Path socket = folder.resolve("passed.sock");
        try (HearthProcess hearth =
                passed("-l", socket.toString())
                        .options("--listen", "unix:" + folder.resolve("own.sock"))
                        .launch()) {
            wake(socket);
            hearth.process().awaitOutput(" is ready.");
            assertThat(hearth.output()).contains("a socket was passed to this process, and nobody");
        }
    }

    @Test
    void an_address_that_others_reach_wants_the_web_servers_named() throws Exception {
        int port = freePort();
        try (HearthProcess hearth = passed("-l", "0.0.0.0:" + port).launch()) {
            Await.until(
                    "somebody connects",
                    () -> {
                        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                            return true;
                        }
                    });
            assertThat(hearth.process().awaitExit()).isEqualTo(78);
            assertThat(hearth.output()).contains("hearth: file descriptor 3 is not on loopback");
        }
    }

    @Test
    void what_to_try_next_names_the_socket_that_was_inherited_and_works() throws Exception {
        Path spawn = Path.of("/usr/bin/spawn-fcgi");
        Assumptions.assumeTrue(Files.isExecutable(spawn), "spawn-fcgi is not installed");
        String socket = folder.resolve("inherited.sock").toString();
        HearthProcess.Plan plan =
                HearthProcess.in(folder).environment("HEARTH_WEBHOOK_STRIPE_SECRET", "");
        HearthProcess.Plan serving =
                HearthProcess.in(folder)
                        .environment("HEARTH_WEBHOOK_STRIPE_SECRET", "")
                        .onlyOptions("--http", "off", "--listen", "fd:0")
                        .launcher(spawn.toString(), "-n", "-s", socket, "--");
        try (HearthProcess hearth = serving.start()) {
            String next = "send stripe payment_intent.succeeded --http off --listen unix:" + socket;
            assertThat(hearth.output()).contains("FastCGI   unix:" + socket, next);
            assertThat(plan.run(next.split(" ")).exitCode()).isZero();
        }
    }

    @Test
    void sockets_for_another_process_are_refused() throws Exception {
        expectRefusal(
                plan().environment("LISTEN_FDS", "1").environment("LISTEN_PID", "1"),
                78,
                "hearth: LISTEN_FDS is for process 1 (LISTEN_PID), and this is process ");
        expectRefusal(
                plan().environment("LISTEN_FDS", "none").environment("LISTEN_PID", "1"),
                78,
                "hearth: LISTEN_FDS must be 1 to 64, was \"none\"");
    }

    @Test
    void a_descriptor_that_is_no_listening_socket_is_refused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        expectRefusal(
                plan().launcher("sh", "-c", "exec \"$@\" < " + file, "sh")
                        .options("--listen", "fd:0"),
                78,
                "hearth: file descriptor 0 is no socket, not a listening socket; start it by");
        expectRefusal(
                plan().launcher(
                                "sh",
                                "-c",
                                "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\" 3< " + file,
                                "sh"),
                78,
                "hearth: file descriptor 3 is not a listening socket");
        expectRefusal( // as the launcher starts it, which has moved the one that was passed
                plan().environment("JAVA_TOOL_OPTIONS", "-Dhearth.passed=true"),
                78,
                "hearth: file descriptor 0 is no socket, not a listening socket; start it by");
    }

    @Test
    void an_unknown_group_and_a_path_that_is_too_long_are_one_sentence() throws Exception {
        expectRefusal(
                plan().environment("HEARTH_FASTCGI_SOCKET_GROUP", "no-such-group"),
                78,
                "hearth: environment variable HEARTH_FASTCGI_SOCKET_GROUP: there is no group \"no-such-group\"");
        expectRefusal(
                plan().options("--listen", "unix:/tmp/" + "x".repeat(120)),
                78,
                "hearth: option --listen: \"listen\": the path of a unix socket has at most 107 bytes");
    }

    @Test
    void a_socket_that_cannot_be_made_is_for_a_person_to_mend() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "precious");
        expectRefusal(
                plan().options("--listen", "unix:" + file),
                73,
                "hearth: cannot listen on unix:" + file + ": it is not a socket");
        expectRefusal(
                plan().options("--listen", "unix:" + folder.resolve("no/hearth.sock")),
                73,
                "No such file or directory");
    }

    @Test
    void an_address_that_is_named_twice_is_one_sentence() throws Exception {
        String address = "unix:" + folder.resolve("s.sock");
        expectRefusal(
                plan().environment("HEARTH_LISTEN", address + "," + address),
                78,
                address + " is named twice");
    }

    @Test
    void a_socket_that_may_not_be_asked_is_left_alone() throws Exception {
        Path socket = Files.createDirectories(folder.resolve("data")).resolve("hearth.sock");
        try (ServerSocketChannel live = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            live.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, Set.of());
            HearthProcess.Plan plan = plan();
            if (System.getProperty("user.name").equals("root")) { // who else may ask any
                plan = plan.launcher("setpriv", "--bounding-set=-dac_override");
            }
            expectRefusal(plan, 73, "a socket that we may not ask is there already");
            assertThat(socket).exists();
        }
    }

    @Test
    void a_stale_socket_is_replaced_and_a_live_one_left_to_its_process() throws Exception {
        Path socket = Files.createDirectories(folder.resolve("data")).resolve("hearth.sock");
        ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        stale.bind(UnixDomainSocketAddress.of(socket));
        expectRefusal(plan(), 75, "another process serves it");
        stale.close(); // its file stays

        assertThat(socket).exists();
        try (HearthProcess hearth = plan().start()) {
            assertThat(hearth.stop()).isZero();
        }
    }

    @Test
    void a_default_acl_of_the_folder_lets_others_in() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(SETFACL), "setfacl is not installed");
        Path data = Files.createDirectories(folder.resolve("data"));
        run(SETFACL.toString(), "-d", "-m", "u:daemon:rw", data.toString());
        try (HearthProcess hearth = plan().start()) {
            assertThat(run("getfacl", "-p", hearth.socket().toString()))
                    .contains("user:daemon:rw-", "mask::rw-", "other::---");
        }
    }

    private String run(String... command) throws Exception {
        try (ChildProcess child = ChildProcess.start("acl", folder, Map.of(), List.of(command))) {
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return child.output();
        }
    }

    private HearthProcess.Plan plan() {
        return HearthProcess.in(folder).program(WaitingProgram.class).options("--http", "off");
    }

    private HearthProcess.Plan passed(String... options) {
        Assumptions.assumeTrue(
                Files.isExecutable(ACTIVATE), "systemd-socket-activate is not installed");
        HearthProcess.Plan plan =
                HearthProcess.in(folder)
                        .program(WaitingProgram.class)
                        .options("--http", "off")
                        .launcher(ACTIVATE.toString())
                        .launcher(options);
        return plan.launcher(VARIABLES);
    }

    /// The first connection starts it; this one asks for nothing.
    private static void wake(Path socket) {
        Await.until(
                "somebody connects",
                () -> {
                    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                        return true;
                    }
                });
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static void expectRefusal(HearthProcess.Plan plan, int exitCode, String sentence)
            throws Exception {
        try (HearthProcess hearth = plan.launch()) {
            assertThat(hearth.process().awaitExit()).as(hearth.output()).isEqualTo(exitCode);
            assertThat(hearth.output()).contains(sentence).doesNotContain("\tat ", "Exception");
        }
    }
}
