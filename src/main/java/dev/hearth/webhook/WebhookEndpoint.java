package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.webhook.Counters.Counter;
import dev.hearth.webhook.Verification.Refused;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `POST /webhooks/{source}`: verified over the raw bytes, stored, and only then answered with 200.
///
/// Whatever is refused leaves no row: a counter and, now and then, a line in the log.
final class WebhookEndpoint implements Handler {
    private static final Logger log = LoggerFactory.getLogger(WebhookEndpoint.class);

    /// The largest body of an event in bytes, where nothing else is configured.
    static final int MAX_BODY = 1 << 20;

    /// Seconds after which a sender may come again when nothing can be stored.
    private static final String RETRY_AFTER = "5";

    /// A source with its verifier made.
    private record Entry(Source source, @Nullable Verifier verifier) {}

    private final GroupCommit<NewEvent, Stored> writer;
    private final InstantSource clock;
    private final TimeOrderedIds ids;
    private final Counters counters;
    private final Runnable onStored;
    private final int maxBody;
    private final RareLog rare = new RareLog();
    private volatile Map<String, Entry> sources = Map.of();

    WebhookEndpoint(
            GroupCommit<NewEvent, Stored> writer,
            InstantSource clock,
            Counters counters,
            Runnable onStored,
            int maxBody) {
        this.writer = writer;
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
        this.counters = counters;
        this.onStored = onStored;
        this.maxBody = maxBody;
    }

    /// Serves these sources from now on, in place of those before.
    void serve(Iterable<Source> configured) {
        Map<String, Entry> entries = new HashMap<>();
        for (Source source : configured) {
            Verifier verifier =
                    source.isReady() ? source.scheme().verifier(source.secrets()) : null;
            if (entries.put(source.name(), new Entry(source, verifier)) != null) {
                throw new IllegalArgumentException("two sources are called " + source.name());
            }
        }
        sources = Map.copyOf(entries);
    }

    @Override
    public Response handle(Request request) throws IOException {
        Entry entry = sources.get(request.pathParameter("source"));
        if (entry == null) {
            return Problem.of(
                            404, "unknown-source", "No webhook source of this name is configured.")
                    .toResponse();
        }
        Verifier verifier = entry.verifier;
        if (verifier == null) {
            return notConfigured(entry.source);
        }
        byte[] body = request.bytes(maxBody);
        Instant now = clock.instant();
        Headers headers = request.headers();
        if (verifier.verify(headers, body, now) instanceof Refused(var reason)) {
            return refuse(entry.source, reason, request, now);
        }
        return accept(entry.source, request, body, now);
    }

    private Response accept(Source source, Request request, byte[] body, Instant now) {
        Headers headers = request.headers();
        StopPoint.AFTER_VERIFY.reach();
        Optional<Response> greeting = source.scheme().greeting(headers, body);
        if (greeting.isPresent()) {
            return greeting.get();
        }
        EventHead head;
        try {
            head = source.scheme().head(headers, body);
        } catch (UnreadableEventException unreadable) {
            counters.add(Counter.UNREADABLE, 1);
            return Problem.of(400, "unreadable-event", unreadable.getMessage() + ".").toResponse();
        }
        NewEvent event =
                new NewEvent(
                        ids.next(now.toEpochMilli()),
                        source.name(),
                        head,
                        now,
                        KeptHeaders.toJson(
                                headers,
                                source.scheme().keptHeaders(),
                                request.get(Inbox.TRACEPARENT)),
                        body,
                        Hmac.Algorithm.SHA256.newDigest().digest(body));
        try {
            return answer(source, head, writer.write(event), now);
        } catch (Exception failed) {
            return unavailable(source, failed, now);
        }
    }

    private Response answer(Source source, EventHead head, Stored stored, Instant now) {
        StopPoint.BEFORE_ANSWER.reach();
        if (stored instanceof Stored.New(String id)) {
            counters.add(Counter.STORED, 1);
            onStored.run();
            return ok(id, false);
        }
        return answerRepeated(source, head, stored, now);
    }

    private Response answerRepeated(Source source, EventHead head, Stored stored, Instant now) {
        return switch (stored) {
            case Stored.New(String id) -> ok(id, false);
            case Stored.Duplicate(String id) -> {
                counters.add(Counter.DUPLICATE, 1);
                yield ok(id, true);
            }
            case Stored.Conflicting(String id) -> {
                counters.add(Counter.CONFLICTING, 1);
                rare.permit("conflict " + source.name(), now)
                        .ifPresent(leftOut ->
                                log.error(
                                        "ALARM: {} sent event {} again with another body; the first is kept as {} ({} such lines left out)",
                                        source.name(),
                                        head.externalId(),
                                        id,
                                        leftOut));
                yield ok(id, true);
            }
        };
    }

    private static Response ok(String id, boolean duplicate) {
        String json = "{\"id\":\"" + id + "\",\"duplicate\":" + duplicate + "}\n";
        return Response.bytes(200, "application/json", json.getBytes(US_ASCII));
    }

    /// One answer for every cause, so that nobody learns how close a guess came.
    private Response refuse(
            Source source, Verification.Reason reason, Request request, Instant now) {
        counters.add(
                switch (reason) {
                    case MISSING -> Counter.REFUSED_MISSING;
                    case MALFORMED -> Counter.REFUSED_MALFORMED;
                    case STALE -> Counter.REFUSED_STALE;
                    case MISMATCH -> Counter.REFUSED_MISMATCH;
                },
                1);
        rare.permit("refused " + source.name(), now)
                .ifPresent(leftOut ->
                        log.warn(
                                "webhook for {} from {} refused: signature {} ({} such lines left out)",
                                source.name(),
                                request.remoteAddress(),
                                reason,
                                leftOut));
        return Problem.of(
                        source.scheme().refusedStatus(request.headers()),
                        "invalid-signature",
                        "The request is not signed, or not with a signature that counts now.")
                .toResponse();
    }

    private Response notConfigured(Source source) {
        counters.add(Counter.UNAVAILABLE, 1);
        rare.permit("no secret " + source.name(), clock.instant())
                .ifPresent(leftOut ->
                        log.error(
                                "webhook for {} refused: no secret is configured ({} such lines left out)",
                                source.name(),
                                leftOut));
        return Problem.of(503, "secret-not-configured", "This source has no signing secret yet.")
                .toResponse()
                .withHeader("Retry-After", "60");
    }

    private Response unavailable(Source source, Exception failed, Instant now) {
        counters.add(Counter.UNAVAILABLE, 1);
        boolean full = failed instanceof GroupCommit.FullException;
        rare.permit("unavailable", now)
                .ifPresent(leftOut ->
                        log.error(
                                "webhook for {} not stored, sender told to come again ({} such lines left out)",
                                source.name(),
                                leftOut,
                                failed));
        return Problem.of(
                        503,
                        full ? "inbox-full" : "inbox-unavailable",
                        "The event could not be stored now. Send it again.")
                .toResponse()
                .withHeader("Retry-After", RETRY_AFTER);
    }
}
