package dev.hearth.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request, whichever gateway brought it. Used by one thread at a time; not to be kept once the handler
/// has returned.
public final class Request {
    /// The id of the request, as logs and error pages show it. Left here by the first layer that has one.
    public static final Key<String> ID = Key.of("request id");

    private final RequestSource source;
    private final String method;
    private final String path;
    private Map<String, String> pathParameters = Map.of();
    private @Nullable String route;
    private @Nullable BodyStream body;
    private @Nullable Map<Key<?>, Object> attributes;
    private @Nullable Query query;
    private @Nullable Map<String, String> cookies;
    private byte @Nullable [] bytes;

    public Request(RequestSource source) {
        this.source = source;
        this.method = source.method();
        this.path = source.path();
    }

    /// The method as sent; case counts.
    public String method() {
        return method;
    }

    /// The path, decoded, absolute, without dot segments: the one that routes, access rules and logs see.
    public String path() {
        return path;
    }

    /// The value of a path parameter of the route that matched.
    ///
    /// @throws IllegalArgumentException if the route has no parameter of this name: a mistake in the code
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "the route has no parameter {%s}; it has %s"
                            .formatted(name, pathParameters.keySet()));
        }
        return value;
    }

    /// Every path parameter of the route that matched.
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    /// Set by the router, before the handler.
    public void setPathParameters(Map<String, String> parameters) {
        this.pathParameters = parameters;
    }

    /// The pattern of the route that matched, such as `/users/{id}`: what metrics count by.
    public Optional<String> route() {
        return Optional.ofNullable(route);
    }

    /// Set by the router, before the handler.
    public void setRoute(String pattern) {
        this.route = pattern;
    }

    /// The query, decoded when first asked for.
    public Query query() {
        Query parsed = query;
        if (parsed == null) {
            parsed = Query.parse(source.rawQuery());
            query = parsed;
        }
        return parsed;
    }

    /// The query behind the `?`, undecoded; empty where there is none.
    public String rawQuery() {
        return source.rawQuery();
    }

    /// The first value of a header. The name compares without case.
    public Optional<String> header(String name) {
        return source.header(name);
    }

    /// Every header.
    public Headers headers() {
        return source.headers();
    }

    /// The cookies that the client sent, undecoded; of two with one name the first.
    public Map<String, String> cookies() {
        Map<String, String> parsed = cookies;
        if (parsed == null) {
            parsed = Cookies.parse(source.headers().all("Cookie"));
            cookies = parsed;
        }
        return parsed;
    }

    /// How many bytes the body has; 0 where there is none, -1 where the length is not known.
    public long contentLength() {
        return source.contentLength();
    }

    /// The body as a stream. It throws where the client sends less than it announced: a body that was cut
    /// is never mistaken for a whole one.
    public InputStream body() {
        return bodyStream();
    }

    /// Refuses a body of more than so many bytes with 413: at once where its length was announced, else where
    /// it passes the limit. Of several limits the smallest holds.
    ///
    /// @throws RefusedException if the body is announced to be longer
    public void limitBody(long bytes) {
        if (source.contentLength() > bytes) {
            throw tooLarge(bytes);
        }
        if (source.contentLength() < 0) {
            bodyStream().limit(bytes);
        }
    }

    private BodyStream bodyStream() {
        BodyStream stream = body;
        if (stream == null) {
            stream = new BodyStream(source.body());
            body = stream;
        }
        return stream;
    }

    /// Whether reading the body has failed: the client has gone away, or was too slow. Tells its
    /// [IOException] apart from one that the handler met elsewhere.
    public boolean bodyBroken() {
        return body != null && body.broken();
    }

    /// The whole body, read once and kept.
    ///
    /// @throws RefusedException with 413 if it is longer than `limit` bytes, before it is read where the
    ///     length was announced
    /// @throws IOException if the body stops short or the client goes away
    public byte[] bytes(int limit) throws IOException {
        byte[] whole = bytes;
        if (whole == null) {
            whole = readBytes(limit);
            bytes = whole;
        }
        if (whole.length > limit) {
            throw tooLarge(limit);
        }
        return whole;
    }

    private byte[] readBytes(int limit) throws IOException {
        long length = source.contentLength();
        if (length > limit) {
            throw tooLarge(limit);
        }
        if (length >= 0) {
            // Asked for exactly: some sources set aside memory for all that they are asked for.
            return length == 0 ? new byte[0] : body().readNBytes((int) length);
        }
        byte[] whole = body().readNBytes(limit);
        if (whole.length == limit && body().read() >= 0) {
            throw tooLarge(limit);
        }
        return whole;
    }

    static RefusedException tooLarge(long limit) {
        return Problem.of(
                        413,
                        "content-too-large",
                        "The body may have at most %d bytes.".formatted(limit))
                .with("limit", limit)
                .refuse();
    }

    /// The client's address, a literal, or `unix:`; never resolved.
    public String remoteAddress() {
        return source.remoteAddress();
    }

    /// `http` or `https`, as the client used it.
    public String scheme() {
        return source.scheme();
    }

    /// The host and port that the client asked for; empty where none is known.
    public String host() {
        return source.host();
    }

    /// The protocol of the request, such as `HTTP/1.1`.
    public String protocol() {
        return source.protocol();
    }

    /// The user that the front server has authenticated.
    public Optional<String> user() {
        return source.user();
    }

    /// The CGI variables of the request; empty under a gateway that has none.
    public Map<String, String> variables() {
        return source.variables();
    }

    /// What middleware left under this key.
    @SuppressWarnings("unchecked") // put() takes only a value of the key's type
    public <T> Optional<T> get(Key<T> key) {
        return attributes == null ? Optional.empty() : Optional.ofNullable((T) attributes.get(key));
    }

    /// Leaves a value for the layers further in.
    public <T> void put(Key<T> key, T value) {
        Map<Key<?>, Object> present = attributes;
        if (present == null) {
            present = new HashMap<>();
            attributes = present;
        }
        present.put(key, value);
    }
}
