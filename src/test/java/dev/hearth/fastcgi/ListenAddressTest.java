package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.testing.NotifyReceiver;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @TempDir Path folder;

    private Path socket() {
        return folder.resolve("s.sock");
    }

    private ListenAddress.Unix unix() {
        return (ListenAddress.Unix) ListenAddress.parse("unix:" + socket());
    }

    @ParameterizedTest
    @CsvSource({
        "unix:/run/hearth.sock, unix:/run/hearth.sock",
        "127.0.0.1:9000,        127.0.0.1:9000",
        "localhost:9000,        127.0.0.1:9000",
        "[::1]:9000,            '[0:0:0:0:0:0:0:1]:9000'",
        "0.0.0.0:0,             0.0.0.0:0",
        "fd:0,                  fd:0",
    })
    void reads_addresses(String text, String address) {
        assertThat(ListenAddress.parse(text)).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "9000",
                ":9000",
                "unix:",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:x",
                "127.0.0.1:65536",
                "127.0.0.1:-1",
                "127.0.0.1:+1",
                "example.com:9000",
                "fd:1"
            })
    void refuses_what_is_no_address(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ListenAddress.parse(text));
    }

    @Test
    void the_longest_path_is_taken_and_a_longer_one_named() { // T18
        String longest = "/" + "a".repeat(ListenAddress.MAX_PATH_BYTES - 1);
        assertThat(ListenAddress.parse("unix:" + longest)).hasToString("unix:" + longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenAddress.parse("unix:" + longest + "b"))
                .withMessageContaining("at most 107 bytes")
                .withMessageContaining("has 108");
        assertThatIllegalArgumentException() // bytes count, not letters
                .isThrownBy(() -> ListenAddress.parse("unix:/" + "é".repeat(54)));
    }

    @Test
    void a_stale_socket_file_is_replaced() throws IOException { // T18
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertThat(socket()).exists();
        try (Listener listener = unix().open();
                var peer = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            assertThat(peer.isConnected()).isTrue();
            assertThat(listener.channel().isOpen()).isTrue();
        }
        assertThat(socket()).doesNotExist();
    }

    @Test
    void a_socket_that_is_served_is_never_stolen() throws IOException { // T18
        try (Listener _ = unix().open()) {
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> unix().open())
                    .withMessageContaining("another process serves it");
            assertThat(socket()).exists();
        }
    }

    @Test
    void a_socket_that_takes_no_more_connections_is_served_all_the_same()
            throws IOException { // T18
        List<SocketChannel> peers = new ArrayList<>();
        try (var busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(UnixDomainSocketAddress.of(socket()), 1);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX);
                            peers.add(peer);
                            peer.configureBlocking(false);
                            peer.connect(UnixDomainSocketAddress.of(socket()));
                        }
                    });

            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> unix().open())
                    .withMessageContaining("another process serves it");
        } finally {
            for (SocketChannel peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void a_socket_of_another_kind_is_left_alone() throws IOException { // T18
        try (var _ = NotifyReceiver.at(socket().toString(), folder)) {
            Object before = Files.getAttribute(socket(), "unix:ino");
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> unix().open())
                    .withMessageContaining("another process serves it");
            assertThat(Files.getAttribute(socket(), "unix:ino")).isEqualTo(before);
        }
    }

    @Test
    void a_file_that_is_no_socket_is_left_alone() throws IOException { // T18
        Files.writeString(socket(), "precious");
        assertThatExceptionOfType(ListenAddress.UnusablePathException.class)
                .isThrownBy(() -> unix().open())
                .withMessageContaining("not a socket");
        assertThat(socket()).hasContent("precious");
    }

    @Test
    void closing_leaves_the_socket_of_a_successor_alone() throws IOException { // T18
        Listener old = unix().open();
        Files.delete(socket());
        try (Listener _ = unix().open()) {
            old.close();
            assertThat(socket()).exists();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw----", "rw-------", "rw-rw-rw-"})
    void the_file_has_its_permissions_and_group_at_once(String permissions)
            throws IOException { // T18
        String group = Files.readAttributes(folder, PosixFileAttributes.class).group().getName();
        try (Listener _ = unix().withPermissions(permissions).withGroup(group).open()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo(permissions);
            try (var files = Files.list(folder)) {
                assertThat(files).containsExactly(socket()); // nothing is left of the making
            }
        }
    }

    @Test
    void a_group_that_does_not_exist_is_named() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> unix().withGroup("no-such-group-here").open());
        assertThat(socket()).doesNotExist();
    }

    @Test
    void a_missing_folder_is_told() {
        assertThatExceptionOfType(ListenAddress.UnusablePathException.class)
                .isThrownBy(() -> ListenAddress.parse("unix:" + folder.resolve("no/s.sock")).open())
                .withMessageContaining("no/s.sock");
    }

    @Test
    void a_port_in_use_is_told() throws IOException {
        try (Listener first = ListenAddress.parse("127.0.0.1:0").open()) {
            int port = ((InetSocketAddress) first.channel().getLocalAddress()).getPort();
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> ListenAddress.parse("127.0.0.1:" + port).open())
                    .withMessageContaining(Integer.toString(port));
        }
    }

    @Test
    void a_port_that_anyone_can_reach_needs_the_names_of_its_peers() throws IOException { // T21
        try (Listener open = ListenAddress.parse("0.0.0.0:0").open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            FastCgiServer.start(
                                    List.of(open.channel()), TestServer::hello, Limits.DEFAULT))
                    .withMessageContaining("not on loopback");
            PeerPolicy named = PeerPolicy.ANYONE.withAddresses("127.0.0.1");
            try (var server =
                    FastCgiServer.start(
                            List.of(open.channel()), TestServer::hello, Limits.DEFAULT, named)) {
                assertThat(server.statistics().connections()).isZero();
            }
        }
    }

    @Test
    void unix_and_tcp_are_served_alike() throws IOException { // F3
        try (Listener local = unix().open();
                Listener port = ListenAddress.parse("127.0.0.1:0").open();
                var server =
                        FastCgiServer.start(
                                List.of(local.channel(), port.channel()),
                                TestServer::hello,
                                Limits.DEFAULT);
                var overUnix = FakeWebServer.connect(UnixDomainSocketAddress.of(socket()));
                var overTcp = FakeWebServer.connect(port.channel().getLocalAddress())) {
            for (FakeWebServer nginx : List.of(overUnix, overTcp)) {
                assertThat(nginx.send(FakeWebServer.get(1, false, "/")).answer(1).stdout())
                        .endsWith("Hello!");
                assertThat(nginx.isClosedByServer()).isTrue();
            }
            assertThat(server.statistics().requests()).isEqualTo(2);
        }
    }

    @Test
    void a_listener_notices_that_its_file_is_gone_or_of_another() throws IOException {
        try (Listener listener = unix().open()) {
            assertThat(listener.isInPlace()).isTrue();
            Files.delete(socket());
            assertThat(listener.isInPlace()).isFalse();
            try (Listener other = unix().open()) {
                assertThat(listener.isInPlace()).isFalse();
                assertThat(other.isInPlace()).isTrue();
            }
        }
    }

    @Test
    void the_file_of_a_socket_that_was_passed_is_not_looked_at() throws IOException {
        try (ServerSocketChannel passed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            passed.bind(UnixDomainSocketAddress.of(socket()));
            try (Listener listener = new ListenAddress.Passed(passed, "fd:3").open()) {
                Files.delete(socket());
                assertThat(listener.isInPlace()).isTrue();
            }
        }
    }
}
