package dev.hearth.app;

import dev.hearth.gateway.CgiGateway;
import dev.hearth.http.Handler;
import dev.hearth.webhook.SampleEvents;
import dev.hearth.webhook.SampleEvents.Sample;
import dev.hearth.webhook.Source;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Requests of every kind, answered in one process before its own: what `hearth train` has the JVM learn from,
/// since a CGI process answers but one. They are answered like any other, from the folder that is served.
final class Rehearsal {
    private static final String ASKED_FOR = "hearth.rehearse";

    private Rehearsal() {}

    static boolean isAskedFor() {
        return Boolean.getBoolean(ASKED_FOR);
    }

    static void run(Handler site, List<Source> sources) {
        for (Source source : sources) {
            if (source.isReady()) {
                Sample event =
                        new SampleEvents()
                                .make(
                                        source.scheme(),
                                        source.secrets().getFirst(),
                                        "payment_intent.succeeded",
                                        Instant.now());
                Map<String, String> signed = new HashMap<>();
                event.headers()
                        .forEach((name, value) ->
                                signed.put(
                                        "HTTP_" + name.toUpperCase(Locale.ROOT).replace('-', '_'),
                                        value));
                post(site, source, event.body(), signed);
                post(site, source, event.body(), Map.of()); // refused
            }
        }
        for (String path : List.of("/readyz", "/nothing-here")) {
            ask(site, "GET", path, new byte[0], Map.of());
            ask(site, "HEAD", path, new byte[0], Map.of());
        }
    }

    private static void post(
            Handler site, Source source, byte[] body, Map<String, String> headers) {
        ask(site, "POST", "/webhooks/" + source.name(), body, headers);
    }

    private static void ask(
            Handler site, String method, String path, byte[] body, Map<String, String> headers) {
        Map<String, String> environment = new HashMap<>(headers);
        environment.put("REQUEST_METHOD", method);
        environment.put("PATH_INFO", path);
        environment.put("SCRIPT_NAME", "/hearth.cgi");
        environment.put("SERVER_PROTOCOL", "HTTP/1.1");
        environment.put("REMOTE_ADDR", "127.0.0.1");
        environment.put("CONTENT_TYPE", "application/json");
        environment.put("CONTENT_LENGTH", Integer.toString(body.length));
        CgiGateway.serve(
                site, environment, new ByteArrayInputStream(body), OutputStream.nullOutputStream());
    }
}
