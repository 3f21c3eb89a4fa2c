package dev.hearth.gateway;

import dev.hearth.http.AddressRange;
import dev.hearth.http.Headers;
import java.net.InetAddress;
import java.util.List;

/// Who the client is behind proxies, as far as those who say so are trusted.
record Forwarding(String remoteAddress, String scheme, String host) {

    /// Reads `X-Forwarded-For` from the right: each address that a trusted proxy names is believed, up to the
    /// first that is not itself a trusted proxy. `X-Forwarded-Proto` and `-Host` count only if the peer is
    /// trusted, and of several values the last, which the nearest proxy wrote.
    static Forwarding of(
            String peer, String scheme, String host, Headers headers, List<AddressRange> trusted) {
        if (trusted.isEmpty() || !isTrusted(peer, trusted)) {
            return new Forwarding(peer, scheme, host);
        }
        return new Forwarding(
                client(peer, headers, trusted),
                scheme(lastOf(headers, "X-Forwarded-Proto"), scheme),
                host(lastOf(headers, "X-Forwarded-Host"), host));
    }

    private static String client(String peer, Headers headers, List<AddressRange> trusted) {
        String[] path = String.join(",", headers.all("X-Forwarded-For")).split(",", -1);
        String client = peer;
        for (int i = path.length - 1; i >= 0 && isTrusted(client, trusted); i--) {
            String said = path[i].strip();
            if (!isLiteral(said)) {
                return client;
            }
            client = said;
        }
        return client;
    }

    private static boolean isTrusted(String address, List<AddressRange> trusted) {
        for (AddressRange range : trusted) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLiteral(String address) {
        try {
            InetAddress.ofLiteral(address);
            return true;
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static String lastOf(Headers headers, String name) {
        List<String> all = headers.all(name);
        if (all.isEmpty()) {
            return "";
        }
        String list = all.getLast();
        return list.substring(list.lastIndexOf(',') + 1).strip();
    }

    private static String scheme(String said, String otherwise) {
        return said.equals("https") || said.equals("http") ? said : otherwise;
    }

    private static String host(String said, String otherwise) {
        boolean plain = !said.isEmpty() && said.chars().allMatch(Forwarding::isHostCharacter);
        return plain ? said : otherwise;
    }

    private static boolean isHostCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || ".-:[]_".indexOf(c) >= 0;
    }
}
