package dev.hearth.payment;

import com.stripe.exception.StripeException;
import com.stripe.net.ApiMode;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.HttpClient;
import com.stripe.net.RequestOptions;
import com.stripe.net.StripeRequest;
import dev.hearth.http.RetryAfter;
import dev.hearth.payment.StripeCall.Method;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Carries calls on the JDK's kept connections, as the client of Stripe's library does, with the headers of that library.
/// Those are the same for every call but for its key, so the library is asked for them once: with each request it
/// opens a jar and copies them three times, through streams that cost the compilers of the JVM more than anything of ours.
///
/// Safe for many threads.
final class StripeConnections {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final String KEY = "Idempotency-Key";
    private static final String TYPE = "Content-Type";

    private final String apiKey;
    private final String base;
    private final Duration readTimeout;
    // Two that make them at the same time make the same.
    private volatile @Nullable Map<String, String> headers;

    /// What came back, whatever it says.
    record Received(
            int status, Optional<String> requestId, Optional<Duration> retryAfter, String body) {}

    /// @param base without a slash at its end
    StripeConnections(String apiKey, String base, Duration readTimeout) {
        this.apiKey = apiKey;
        this.base = base;
        this.readTimeout = readTimeout;
    }

    /// Sends a call once and waits for the answer.
    ///
    /// @throws IOException if none came
    /// @throws StripeException if the library refuses the API key
    Received request(StripeCall call) throws IOException, StripeException {
        HttpURLConnection connection = send(call);
        int status = connection.getResponseCode();
        return new Received(
                status,
                Optional.ofNullable(connection.getHeaderField("Request-Id")),
                retryAfter(connection),
                body(connection, status));
    }

    private static Optional<Duration> retryAfter(HttpURLConnection answered) {
        return Optional.ofNullable(answered.getHeaderField("Retry-After"))
                .flatMap(asked ->
                        RetryAfter.parse(
                                asked,
                                Optional.ofNullable(answered.getHeaderField("Date")).orElse("")));
    }

    private HttpURLConnection send(StripeCall call) throws IOException, StripeException {
        boolean post = call.method() == Method.POST;
        String form = call.form();
        HttpURLConnection connection =
                open(base + call.path() + (post || form.isEmpty() ? "" : "?" + form));
        connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        connection.setReadTimeout((int) readTimeout.toMillis());
        connection.setUseCaches(false);
        connection.setInstanceFollowRedirects(false); // wherever else it leads: our key stays here
        connection.setRequestMethod(call.method().name());
        for (Map.Entry<String, String> header : headers().entrySet()) {
            if (post || !header.getKey().equals(TYPE)) {
                connection.setRequestProperty(header.getKey(), header.getValue());
            }
        }
        call.idempotencyKey().ifPresent(key -> connection.setRequestProperty(KEY, key));
        if (post) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(form.getBytes(StandardCharsets.UTF_8));
            }
        }
        return connection;
    }

    @SuppressWarnings("deprecation") // as the library does: a URI refuses addresses that work
    private static HttpURLConnection open(String url) throws IOException {
        return (HttpURLConnection) new URL(url).openConnection();
    }

    /// Read to its end, so that the connection is kept.
    private static String body(HttpURLConnection connection, int status) throws IOException {
        int length = connection.getContentLength();
        try (InputStream body =
                status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (body == null) {
                return "";
            }
            // Where the length is told nothing more is set aside than that.
            byte[] bytes = length < 0 ? body.readAllBytes() : body.readNBytes(length);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private Map<String, String> headers() throws StripeException {
        Map<String, String> known = headers;
        if (known == null) {
            known = Library.headers(base, apiKey);
            headers = known;
        }
        return known;
    }

    /// Stripe's library: it tells only who extends its client how it names itself.
    private abstract static class Library extends HttpClient {

        /// Those of every call, and the type of what is posted.
        static Map<String, String> headers(String base, String apiKey) throws StripeException {
            StripeRequest request =
                    StripeRequest.createWithStringContent(
                            RequestMethod.POST,
                            base,
                            "",
                            RequestOptions.builder()
                                    .setApiKey(apiKey)
                                    .setIdempotencyKey("its own")
                                    .build(),
                            ApiMode.V1);
            Map<String, String> headers = new LinkedHashMap<>();
            request.headers()
                    .map()
                    .forEach((name, values) -> headers.put(name, String.join(",", values)));
            headers.remove(KEY);
            headers.put("User-Agent", buildUserAgentString(request));
            headers.put("X-Stripe-Client-User-Agent", buildXStripeClientUserAgentString());
            headers.put(TYPE, request.content().contentType());
            return headers;
        }
    }
}
