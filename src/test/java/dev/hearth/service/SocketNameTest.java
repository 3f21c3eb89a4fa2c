package dev.hearth.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `struct sockaddr`, as unix(7), ip(7) and ipv6(7) lay it out.
class SocketNameTest {
    private static Optional<SocketAddress> name(int family, String rest) throws Exception {
        byte[] fields = HexFormat.of().parseHex(rest.replace(" ", ""));
        return SocketName.parse(
                ByteBuffer.allocate(2 + fields.length)
                        .order(ByteOrder.nativeOrder())
                        .putShort((short) family)
                        .put(fields)
                        .array());
    }

    @ParameterizedTest
    @CsvSource({
        "2,  2328 7f000001 0000000000000000,                             127.0.0.1, 9000",
        "2,  ffff 00000000 0000000000000000,                             0.0.0.0,   65535",
        "10, 1f90 00000007 00000000000000000000000000000001 00000000,    ::1,       8080",
    })
    void reads_a_host_and_a_port(int family, String rest, String host, int port) throws Exception {
        assertThat(name(family, rest))
                .contains(new InetSocketAddress(InetAddress.ofLiteral(host), port));
    }

    @ParameterizedTest
    @CsvSource({"2f612062, /a b", "2f6100, /a", "2f6100ff, /a"})
    void reads_a_path_with_or_without_its_nul(String rest, String path) throws Exception {
        assertThat(name(1, rest)).contains(UnixDomainSocketAddress.of(path));
    }

    @ParameterizedTest
    @CsvSource({"1, ''", "1, 00", "1, 006162", "0, ''", "16, 00000000"})
    void knows_no_name_where_there_is_none_to_tell(int family, String rest) throws Exception {
        assertThat(name(family, rest)).isEmpty();
    }

    @Test
    void the_bytes_of_a_path_are_text_of_utf_8() throws Exception {
        assertThat(name(1, "2fc3bc")).contains(UnixDomainSocketAddress.of("/\u00fc"));
    }
}
