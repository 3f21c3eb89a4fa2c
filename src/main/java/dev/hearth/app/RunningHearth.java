package dev.hearth.app;

import dev.hearth.fastcgi.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The Hearth that runs with these settings, for commands that ask it something: over its socket, or where it has none
/// of its own over HTTP.
final class RunningHearth {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Settings settings;

    RunningHearth(Settings settings) {
        this.settings = settings;
    }

    /// The answer to a GET, with the token of the metrics unless there is another.
    ///
    /// @throws StartException if nobody answers
    Answer get(String path, Map<String, String> headers)
            throws StartException, InterruptedException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        settings.watching()
                .metricsToken()
                .ifPresent(token -> all.putIfAbsent("Authorization", "Bearer " + token.value()));
        return ask(
                socket -> FastCgiCall.get(socket, path, all, PATIENCE),
                http -> overHttp(URI.create(http + path), all));
    }

    /// The answer to a POST of JSON.
    ///
    /// @throws StartException if nobody answers
    Answer post(String path, Map<String, String> headers, byte[] json)
            throws StartException, InterruptedException {
        return ask(
                socket -> FastCgiCall.post(socket, path, headers, json, PATIENCE),
                http ->
                        sent(
                                HttpRequest.newBuilder(URI.create(http + path))
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(json)),
                                headers));
    }

    /// Asks at an address of one kind.
    private interface Way<T> {
        Answer ask(T address) throws IOException, InterruptedException;
    }

    private Answer ask(Way<ListenAddress> overSocket, Way<String> overHttp)
            throws StartException, InterruptedException {
        Optional<ListenAddress> socket = Listeners.addresses(settings).stream().findFirst();
        try {
            if (socket.isPresent()) {
                return overSocket.ask(socket.get());
            }
            if (settings.http().isPresent()) {
                return overHttp.ask("http://" + settings.http().get());
            }
        } catch (IOException unreachable) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "no Hearth answers at %s (%s); is it running with the same settings?"
                            .formatted(
                                    socket.map(Object::toString).orElse("HTTP"),
                                    Reasons.of(unreachable)),
                    unreachable);
        }
        throw new StartException(
                ExitCode.UNAVAILABLE, "neither FastCGI nor HTTP is configured: nobody to ask");
    }

    /// The answer at any address, such as that of the front server.
    static Answer overHttp(URI address, Map<String, String> headers)
            throws IOException, InterruptedException {
        return sent(HttpRequest.newBuilder(address), headers);
    }

    private static Answer sent(HttpRequest.Builder request, Map<String, String> headers)
            throws IOException, InterruptedException {
        headers.forEach(request::header);
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer =
                    client.send(
                            request.timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        }
    }
}
