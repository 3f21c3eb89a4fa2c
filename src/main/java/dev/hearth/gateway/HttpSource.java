package dev.hearth.gateway;

import dev.hearth.http.AddressRange;
import dev.hearth.http.Headers;
import dev.hearth.http.Paths;
import dev.hearth.http.Problem;
import dev.hearth.http.RequestSource;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// A request as Jetty has read it.
final class HttpSource implements RequestSource {
    private final Request request;
    private final String path;
    private final List<AddressRange> trustedProxies;
    private final LimitedBody body;
    private @Nullable Headers headers;
    private @Nullable Forwarding forwarding;

    /// @throws dev.hearth.http.RefusedException if the path is not one that [Paths] takes, or the body is coded
    HttpSource(Request request, LimitedBody body, List<AddressRange> trustedProxies) {
        this.request = request;
        this.body = body;
        this.trustedProxies = trustedProxies;
        requireKnownCoding(request);
        HttpURI target = request.getHttpURI();
        if (target.getFragment() != null) { // RFC 9112 section 3.2: no form of a target has one
            throw Problem.of(400, "bad-path", "The path cannot be read. A # must be sent as %23.")
                    .refuse();
        }
        if (target.getUser() != null) { // RFC 9110 section 4.2.4
            throw Problem.of(400, "bad-request", "A target must not hold a user or password.")
                    .refuse();
        }
        String whole = target.getPathQuery();
        if (whole != null && !isAscii(whole)) { // RFC 3986 section 2
            throw Problem.of(
                            400,
                            "bad-path",
                            "A target is written in ASCII. All else must be percent-encoded.")
                    .refuse();
        }
        String raw = target.getPath();
        this.path = Paths.fromRaw(raw == null ? "" : raw);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /// A body in another coding than chunks would reach the handler still coded (RFC 9112 section 6.1).
    private static void requireKnownCoding(Request request) {
        List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return;
        }
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0) {
            throw Problem.of(400, "bad-request", "HTTP/1.0 knows no Transfer-Encoding.").refuse();
        }
        if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
            throw Problem.of(501, "unknown-coding", "Transfer-Encoding may be chunked only.")
                    .refuse();
        }
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String rawQuery() {
        HttpURI uri = request.getHttpURI();
        String query = uri.getQuery();
        return query == null ? "" : query;
    }

    @Override
    public Optional<String> header(String name) {
        return isProxy(name)
                ? Optional.empty()
                : Optional.ofNullable(request.getHeaders().get(name));
    }

    @Override
    public Headers headers() {
        Headers all = headers;
        if (all == null) {
            Headers.Builder builder = Headers.builder();
            for (HttpField field : request.getHeaders()) {
                String value = field.getValue();
                if (!isProxy(field.getName())) {
                    builder.add(field.getName(), value == null ? "" : value);
                }
            }
            all = builder.build();
            headers = all;
        }
        return all;
    }

    /// Nobody sends `Proxy` in earnest; as HTTP_PROXY it once redirected what programs fetch (C35).
    private static boolean isProxy(String name) {
        return name.equalsIgnoreCase("Proxy");
    }

    @Override
    public long contentLength() {
        return body.announced();
    }

    @Override
    public InputStream body() {
        return body;
    }

    private Forwarding forwarding() {
        Forwarding known = forwarding;
        if (known == null) {
            known =
                    Forwarding.of(
                            Request.getRemoteAddr(request),
                            ownScheme(),
                            ownHost(),
                            headers(),
                            trustedProxies);
            forwarding = known;
        }
        return known;
    }

    @Override
    public String remoteAddress() {
        return trustedProxies.isEmpty()
                ? Request.getRemoteAddr(request)
                : forwarding().remoteAddress();
    }

    @Override
    public String scheme() {
        return trustedProxies.isEmpty() ? ownScheme() : forwarding().scheme();
    }

    /// Not the target's: a client can write what it likes there.
    private String ownScheme() {
        return request.getConnectionMetaData().isSecure() ? "https" : "http";
    }

    @Override
    public String host() {
        return trustedProxies.isEmpty() ? ownHost() : forwarding().host();
    }

    private String ownHost() {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return host == null ? "" : host;
    }

    @Override
    public String protocol() {
        return request.getConnectionMetaData().getProtocol();
    }

    @Override
    public Optional<String> user() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> variables() {
        return Map.of();
    }
}
