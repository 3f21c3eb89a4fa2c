package dev.hearth.metrics;

import dev.hearth.http.AddressRange;
import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `GET /metrics`: Prometheus's text, or with `Accept: application/json` the newest moment as `hearth status` shows it.
///
/// Never for everyone: it is there for clients whose address is allowed, and for those that send the token. For all
/// others there is no such page. An address counts only where it is the client's own: a request that says it came
/// through a proxy nobody vouches for needs the token.
public final class MetricsPage implements Handler, AutoCloseable {
    private static final List<String> PROXIED = List.of("X-Forwarded-For", "Forwarded", "Via");

    private final Vitals vitals;
    private final Pulse pulse;
    private final List<AddressRange> allowed;
    private final Optional<String> token;
    private @Nullable Prometheus prometheus; // guarded by this

    public MetricsPage(
            Vitals vitals, Pulse pulse, List<AddressRange> allowed, Optional<String> token) {
        this.vitals = vitals;
        this.pulse = pulse;
        this.allowed = List.copyOf(allowed);
        this.token = token;
    }

    @Override
    public Response handle(Request request) {
        if (!mayRead(request)) {
            throw Problem.of(404, "not-found", "There is nothing here.").refuse();
        }
        boolean json =
                request.header("Accept").filter(wanted -> wanted.contains("json")).isPresent();
        Response response = json ? newest() : text();
        return response.withHeader("Cache-Control", "no-store");
    }

    private Response text() {
        return Response.bytes(
                200,
                Prometheus.mediaType(),
                prometheus().scrape().getBytes(StandardCharsets.UTF_8));
    }

    private synchronized Prometheus prometheus() {
        Prometheus made = prometheus;
        if (made == null) {
            made = new Prometheus(vitals);
            prometheus = made;
        }
        return made;
    }

    /// Over the last two seconds, or since the start where there is no such moment yet.
    private Response newest() {
        List<Moment> recent = pulse.recent();
        return Json.response(
                recent.isEmpty() ? Moment.sinceStart(vitals.read()) : recent.getLast());
    }

    private boolean mayRead(Request request) {
        return isAllowed(request) || hasToken(request);
    }

    private boolean isAllowed(Request request) {
        boolean near = allowed.stream().anyMatch(range -> range.contains(request.remoteAddress()));
        return near && PROXIED.stream().noneMatch(name -> request.header(name).isPresent());
    }

    private boolean hasToken(Request request) {
        if (token.isEmpty()) {
            return false;
        }
        byte[] wanted = ("Bearer " + token.get()).getBytes(StandardCharsets.UTF_8);
        byte[] sent = request.header("Authorization").orElse("").getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(wanted, sent);
    }

    @Override
    public synchronized void close() {
        if (prometheus != null) {
            prometheus.close();
            prometheus = null;
        }
    }
}
