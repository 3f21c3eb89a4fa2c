package dev.hearth.webhook;

import java.net.URI;
import java.util.List;

/// Someone to whom we send webhooks, as Standard Webhooks has them.
///
/// Each message is signed with every secret that counts at the time, so a receiver changes its secret without
/// losing one. Only public addresses are reached, and only by HTTPS, unless `allowPrivate` says that this
/// endpoint is a neighbour of ours.
public record Endpoint(String name, URI url, List<Secret> secrets, boolean allowPrivate) {

    private static final int LAST_PORT = 65_535;

    /// @throws IllegalArgumentException if the URL cannot be sent to, or there is no usable secret
    public Endpoint {
        secrets = List.copyOf(secrets);
        new StandardScheme().verifier(secrets); // refuses none, and those that are not base64
        boolean https = "https".equals(url.getScheme());
        if (!https && !(allowPrivate && "http".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "the URL of endpoint %s must begin with https://".formatted(name));
        }
        if (url.getPort() > LAST_PORT) {
            throw new IllegalArgumentException(
                    "the URL of endpoint %s has the port %d; the last is %d"
                            .formatted(name, url.getPort(), LAST_PORT));
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "the URL of endpoint %s needs the name or address of a host, and has no user or fragment"
                            .formatted(name));
        }
    }

    boolean isSecure() {
        return "https".equals(url.getScheme());
    }

    int port() {
        int port = url.getPort();
        return port >= 0 ? port : isSecure() ? 443 : 80;
    }

    /// The path and query as they stand in the request line.
    String target() {
        String path =
                url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /// The host and port as they stand in the Host header.
    public String authority() {
        return url.getPort() >= 0 ? url.getHost() + ":" + url.getPort() : url.getHost();
    }

    /// Without the URL's query, which may hold a token.
    @Override
    public String toString() {
        return name + " (" + authority() + ")";
    }
}
