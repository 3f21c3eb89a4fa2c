package dev.hearth.web;

import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// Answers 304 where the client already holds what GET or HEAD would send (RFC 9110 section 13). An answer in
/// memory without `ETag` gets one from its content.
public final class Conditional implements Middleware {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            Response response = next.handle(request);
            boolean read = request.method().equals("GET") || request.method().equals("HEAD");
            if (!read || response.status() != 200) {
                return response;
            }
            Response tagged = tagged(response);
            return isFresh(request, tagged.headers()) ? notModified(tagged) : tagged;
        };
    }

    private static Response tagged(Response response) {
        if (response.body() instanceof Body.Bytes(byte[] content)
                && !response.headers().contains("ETag")) {
            return response.withHeader("ETag", tag(content));
        }
        return response;
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
            return '"' + text.substring(0, 22) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    private static boolean isFresh(Request request, Headers answer) {
        Optional<String> tags = request.header("If-None-Match");
        if (tags.isPresent()) {
            return matches(String.join(",", request.headers().all("If-None-Match")), answer);
        }
        Optional<Instant> since = request.header("If-Modified-Since").flatMap(Conditional::date);
        Optional<Instant> changed = answer.first("Last-Modified").flatMap(Conditional::date);
        return since.isPresent() && changed.isPresent() && !changed.get().isAfter(since.get());
    }

    private static boolean matches(String tags, Headers answer) {
        String own = answer.first("ETag").orElse("");
        for (String tag : tags.split(",", -1)) {
            if (tag.strip().equals("*") || (!own.isEmpty() && weak(tag).equals(weak(own)))) {
                return true;
            }
        }
        return false;
    }

    private static String weak(String tag) {
        String bare = tag.strip();
        return bare.startsWith("W/") ? bare.substring(2) : bare;
    }

    private static Response notModified(Response response) {
        Headers headers = response.headers().without("Content-Type").without("Content-Length");
        return response.withStatus(304).withHeaders(headers).withBody(Body.NONE);
    }

    /// Requires that the client saw the present state before it changes it: `If-Match` with its tag. So two
    /// editors cannot overwrite one another unseen.
    ///
    /// @throws RefusedException with 428 if the header is missing, 412 if it names another state
    public static void requireMatch(Request request, String currentTag) {
        Optional<String> sent = request.header("If-Match");
        if (sent.isEmpty()) {
            throw Problem.of(
                            428,
                            "precondition-required",
                            "Send If-Match with the ETag of what you want to change.")
                    .refuse();
        }
        for (String tag : sent.get().split(",", -1)) {
            if (tag.strip().equals("*") || tag.strip().equals(currentTag)) {
                return;
            }
        }
        throw Problem.of(
                        412,
                        "precondition-failed",
                        "This has changed since you read it. Read it again.")
                .refuse("ETag", currentTag);
    }

    /// A time as HTTP writes it, to the second.
    public static String date(Instant time) {
        return HTTP_DATE.format(time);
    }

    /// A time as HTTP writes it; nothing where it cannot be read.
    static Optional<Instant> date(String text) {
        try {
            return Optional.of(
                    ZonedDateTime.parse(text, HTTP_DATE)
                            .toInstant()
                            .truncatedTo(ChronoUnit.SECONDS));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }
}
