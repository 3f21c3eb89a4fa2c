package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.testing.LogOf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class PeerPolicyTest {
    /// Users of every system, none of whom runs this test.
    private static final PeerPolicy OTHERS =
            PeerPolicy.ANYONE.withUsers(
                    Set.of(System.getProperty("user.name").equals("daemon") ? "bin" : "daemon"));

    private static boolean isServed(String listen, PeerPolicy peers) throws IOException {
        try (Listener listener = ListenAddress.parse(listen).open();
                var server =
                        FastCgiServer.start(
                                List.of(listener.channel()),
                                TestServer::hello,
                                Limits.DEFAULT,
                                peers);
                var peer = FakeWebServer.connect(listener.channel().getLocalAddress())) {
            try {
                peer.send(FakeWebServer.get(1, false, "/"));
            } catch (IOException closed) {
                return false;
            }
            boolean closed = peer.isClosedByServer();
            assertThat(server.statistics().turnedAway()).isEqualTo(closed ? 1 : 0);
            return !closed;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:0, '127.0.0.1',                  true",
        "127.0.0.1:0, '10.0.0.1, 127.0.0.1 ',       true",
        "127.0.0.1:0, '10.0.0.1',                   false",
        "127.0.0.1:0, '::1',                        false",
        "127.0.0.1:0, '::ffff:127.0.0.1',           true",
        "127.0.0.1:0, '127.0.0.10,127.0.0.2',       false",
    })
    void admits_the_addresses_of_the_list_and_no_others(String listen, String list, boolean served)
            throws IOException { // F4
        assertThat(isServed(listen, PeerPolicy.of(Optional.of(list)))).isEqualTo(served);
    }

    @Test
    void admits_nobody_over_a_unix_socket_where_addresses_are_listed() throws IOException { // F4
        PeerPolicy peers = PeerPolicy.of(Optional.of("127.0.0.1"));
        try (var server = TestServer.start(TestServer::hello, Limits.DEFAULT, peers);
                var peer = server.connect()) {
            assertThat(peer.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "127.0.0.1,",
                "localhost",
                "127.0.0.1;10.0.0.1",
                "127.0.0.256",
                "127.0.0.1/8",
                "1",
                "127.1",
                "*",
                "127.0.0.1 10.0.0.1",
                "1.2.3.4.5"
            })
    void refuses_a_malformed_list(String list) { // F4
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerPolicy.of(Optional.of(list)))
                .withMessageContaining("is not an IP address");
    }

    @Test
    void admits_anyone_where_nothing_is_said() throws IOException { // F4
        assertThat(isServed("127.0.0.1:0", PeerPolicy.of(Optional.empty()))).isTrue();
    }

    @Test
    void admits_the_users_named_over_a_unix_socket() throws IOException { // F4
        String me = System.getProperty("user.name");
        PeerPolicy mine = PeerPolicy.ANYONE.withUsers(Set.of(me));
        try (var server = TestServer.start(TestServer::hello, Limits.DEFAULT, mine);
                var peer = server.connect()) {
            assertThat(peer.send(FakeWebServer.get(1, true, "/")).answer(1).appStatus()).isZero();
        }
        try (LogOf log = LogOf.of(FastCgiServer.class);
                var server = TestServer.start(TestServer::hello, Limits.DEFAULT, OTHERS);
                var peer = server.connect();
                var again = server.connect()) {
            assertThat(peer.isClosedByServer()).isTrue();
            assertThat(again.isClosedByServer()).isTrue();
            assertThat(log.lines())
                    .containsExactly(
                            "WARN turned away user %s over a unix socket: it is none of those that may connect"
                                    .formatted(me));
        }
    }

    @Test
    void admits_a_user_named_by_number() throws Exception {
        Object number = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        PeerPolicy mine = PeerPolicy.ANYONE.withUsers(Set.of(String.valueOf(number)));
        try (var server = TestServer.start(TestServer::hello, Limits.DEFAULT, mine);
                var peer = server.connect()) {
            assertThat(peer.send(FakeWebServer.get(1, true, "/")).answer(1).appStatus()).isZero();
        }
    }

    @Test
    void refuses_a_user_that_the_system_does_not_know() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerPolicy.ANYONE.withUsers(Set.of("root", "wwwdata")))
                .withMessage("there is no user \"wwwdata\"");
    }

    @Test
    void tells_of_those_turned_away_once_in_a_while() {
        try (LogOf log = LogOf.of(FastCgiServer.class)) {
            TurnedAway turnedAway = new TurnedAway();
            long start = Long.MAX_VALUE - 5; // the clock may pass its end
            turnedAway.tell("10.0.0.1", start);
            turnedAway.tell("10.0.0.2", start + 9_999_999_999L);
            turnedAway.tell("10.0.0.3", start + 10_000_000_000L);
            turnedAway.tell("10.0.0.4", start + 20_000_000_000L);
            assertThat(log.lines())
                    .extracting(line -> line.replace(": it is none of those that may connect", ""))
                    .containsExactly(
                            "WARN turned away 10.0.0.1",
                            "WARN turned away 10.0.0.3 (1 more since the last such line)",
                            "WARN turned away 10.0.0.4");
        }
    }
}
