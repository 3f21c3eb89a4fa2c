package dev.hearth.payment;

import com.stripe.exception.ApiConnectionException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.RequestOptions;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Carries the requests of Stripe's library on the JDK's kept connections, as the library's own client does, except
/// that what it tells Stripe of itself is put together once: the library opens a jar for it with every request.
///
/// Safe for many threads.
final class StripeConnections extends HttpClient {

    /// How the library names itself.
    private record Sender(String agent, String description) {}

    private volatile @Nullable Sender sender; // two that make it at the same time make the same

    @Override
    public StripeResponse request(StripeRequest request) throws ApiConnectionException {
        try {
            HttpURLConnection connection = send(request);
            int status = connection.getResponseCode();
            HttpHeaders headers = HttpHeaders.of(connection.getHeaderFields());
            return new StripeResponse(status, headers, body(connection, status));
        } catch (IOException lost) {
            throw new ApiConnectionException("no answer from Stripe", lost);
        }
    }

    private HttpURLConnection send(StripeRequest request) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) request.url().openConnection();
        RequestOptions options = request.options();
        connection.setConnectTimeout(options.getConnectTimeout());
        connection.setReadTimeout(options.getReadTimeout());
        connection.setUseCaches(false);
        connection.setInstanceFollowRedirects(false); // wherever else it leads: our key stays here
        connection.setRequestMethod(request.method().name());
        for (Map.Entry<String, List<String>> header : request.headers().map().entrySet()) {
            connection.setRequestProperty(header.getKey(), String.join(",", header.getValue()));
        }
        Sender named = sender(request);
        connection.setRequestProperty("User-Agent", named.agent);
        connection.setRequestProperty("X-Stripe-Client-User-Agent", named.description);
        HttpContent content = request.content();
        if (content != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", content.contentType());
            try (OutputStream out = connection.getOutputStream()) {
                out.write(content.byteArrayContent());
            }
        }
        return connection;
    }

    /// Read to its end, so that the connection is kept.
    private static String body(HttpURLConnection connection, int status) throws IOException {
        try (InputStream body =
                status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Sender sender(StripeRequest request) {
        Sender known = sender;
        if (known == null) {
            known = new Sender(buildUserAgentString(request), buildXStripeClientUserAgentString());
            sender = known;
        }
        return known;
    }
}
