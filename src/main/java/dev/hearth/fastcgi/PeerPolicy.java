package dev.hearth.fastcgi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// Who may connect (FastCGI 1.0 section 3.2).
///
/// With addresses given, only TCP peers with one of them are admitted, and none over a unix socket. With users
/// given, a peer over a unix socket must run as one of them. Others are closed without a byte.
public final class PeerPolicy {

    /// The environment variable with the addresses that the specification has for it.
    public static final String WEB_SERVER_ADDRS = "FCGI_WEB_SERVER_ADDRS";

    /// Everyone who can reach the socket. For TCP, only with a listener on loopback.
    public static final PeerPolicy ANYONE = new PeerPolicy(null, Set.of());

    private final @Nullable Set<InetAddress> addresses; // null: any
    private final Set<UserPrincipal> users; // empty: any

    private PeerPolicy(@Nullable Set<InetAddress> addresses, Set<UserPrincipal> users) {
        this.addresses = addresses;
        this.users = users;
    }

    /// The policy that the environment asks for: its list where FCGI_WEB_SERVER_ADDRS is set, else anyone.
    ///
    /// @throws IllegalArgumentException if the list is malformed: never taken as "anyone"
    public static PeerPolicy of(Optional<String> webServerAddrs) {
        return webServerAddrs.map(ANYONE::withAddresses).orElse(ANYONE);
    }

    /// This policy with a comma-separated list of IPv4 and IPv6 addresses, compared whole; an IPv4 address
    /// inside an IPv6 one (`::ffff:10.0.0.1`) is the IPv4 address.
    ///
    /// @throws IllegalArgumentException naming the entry that is not an address
    public PeerPolicy withAddresses(String list) {
        Set<InetAddress> parsed = new HashSet<>();
        for (String entry : list.split(",", -1)) {
            parsed.add(parse(entry.strip(), list));
        }
        return new PeerPolicy(Set.copyOf(parsed), users);
    }

    /// This policy with the users that may connect over unix sockets, by name or number.
    ///
    /// @throws IllegalArgumentException naming one that the system does not know
    public PeerPolicy withUsers(Set<String> names) {
        Set<UserPrincipal> known = new HashSet<>();
        for (String name : names) {
            known.add(user(name));
        }
        return new PeerPolicy(addresses, Set.copyOf(known));
    }

    private static UserPrincipal user(String name) {
        try {
            return FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(name);
        } catch (IOException unknown) {
            throw new IllegalArgumentException("there is no user \"%s\"".formatted(name), unknown);
        }
    }

    private static InetAddress parse(String entry, String list) {
        // Four numbers: the JDK would also take "1" for 0.0.0.1.
        if (entry.contains(":") || entry.matches("[0-9]+(\\.[0-9]+){3}")) {
            try {
                return InetAddress.ofLiteral(entry); // never asks a name server
            } catch (IllegalArgumentException notAnAddress) {
                throw malformed(entry, list);
            }
        }
        throw malformed(entry, list);
    }

    private static IllegalArgumentException malformed(String entry, String list) {
        return new IllegalArgumentException(
                "\"%s\" in the list of web server addresses \"%s\" is not an IP address"
                        .formatted(entry, list));
    }

    /// Whether TCP peers are limited to a list, as a listener off loopback needs.
    public boolean limitsAddresses() {
        return addresses != null;
    }

    boolean admits(SocketChannel channel) throws IOException {
        SocketAddress remote = channel.getRemoteAddress();
        if (remote instanceof InetSocketAddress inet) {
            return addresses == null || addresses.contains(inet.getAddress());
        }
        if (addresses != null) {
            return false;
        }
        return users.isEmpty()
                || users.contains(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
    }

    /// Who is at the other end, for the log.
    static String name(SocketChannel channel) throws IOException {
        return channel.getRemoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "user "
                        + channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName()
                        + " over a unix socket";
    }
}
