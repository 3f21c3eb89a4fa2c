package dev.hearth.web;

import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.LogText;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/// Writes one line for each request once its answer is known, bugs (500) and lost clients (499) included. Put it
/// outside [dev.hearth.http.Errors].
///
/// What came from outside is escaped: no request can begin a line of its own. The query is not logged, nor any
/// header but Referer and User-Agent: they may hold secrets.
public final class AccessLog implements Middleware {
    private static final int CLIENT_GONE = 499; // nginx's number for it
    static final DateTimeFormatter COMBINED_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    /// A whole second as text: to write it anew for every request would be half the cost of a line.
    private record Second(long epoch, String text) {}

    /// A request that has ended: `length` is -1 where it is not known, `micros` how long it took until `at`.
    record Entry(
            Request request, int status, Headers headers, long length, Instant at, long micros) {}

    interface Format {
        String line(Entry entry);
    }

    private static volatile Second latest = new Second(0, "1970-01-01T00:00:00");

    private final Format format;
    private final Consumer<String> lines;
    private final Clock clock;

    private AccessLog(Format format, Consumer<String> lines, Clock clock) {
        this.format = format;
        this.lines = lines;
        this.clock = clock;
    }

    /// One JSON object a line, to the logger `access`.
    public static AccessLog json() {
        return json(LoggerFactory.getLogger("access")::info, Clock.systemUTC());
    }

    public static AccessLog json(Consumer<String> lines, Clock clock) {
        return new AccessLog(AccessLog::asJson, lines, clock);
    }

    /// The combined format that log readers know, to the logger `access`.
    public static AccessLog combined() {
        return combined(LoggerFactory.getLogger("access")::info, Clock.systemUTC());
    }

    public static AccessLog combined(Consumer<String> lines, Clock clock) {
        return new AccessLog(AccessLog::asCombined, lines, clock);
    }

    /// A line as the operator writes it, such as `%R - %u %t "%m %r" %s %{milli}d`, to the logger `access`. The letters
    /// are those of PHP-FPM's `access.format`:
    ///
    /// | | |
    /// |---|---|
    /// | `%R` `%u` | the client's address; who has signed in |
    /// | `%t` `%T` | when the request came; when the line is written |
    /// | `%m` `%r` `%f` | the method; the path; the route |
    /// | `%s` | the status |
    /// | `%d` | how long it took, in seconds; `%{milli}d`, `%{micro}d` |
    /// | `%l` | the length of the request's body, in bytes |
    /// | `%{NAME}e` | a variable of the request, such as `%{HTTP_USER_AGENT}e` |
    /// | `%{NAME}o` | a header of the answer, such as `%{Content-Length}o` |
    /// | `%n` `%p` `%%` | `hearth`; the number of the process; a percent sign |
    ///
    /// What is not known is `-`. The query cannot be named, nor headers that hold secrets.
    ///
    /// @throws IllegalArgumentException if the pattern cannot be read, with the reason
    public static AccessLog pattern(String pattern) {
        return pattern(pattern, LoggerFactory.getLogger("access")::info, Clock.systemUTC());
    }

    public static AccessLog pattern(String pattern, Consumer<String> lines, Clock clock) {
        return new AccessLog(AccessPattern.parse(pattern), lines, clock);
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> logged(next, request);
    }

    /// The handler's answer, with a line about it.
    Response logged(Handler next, Request request) throws Exception {
        long began = System.nanoTime();
        int status = 500; // should no layer further in have caught a bug
        long length = 0;
        Headers headers = Headers.EMPTY;
        try {
            Response response = next.handle(request);
            status = response.status();
            length = length(response.body());
            headers = response.headers();
            return response;
        } catch (IOException lost) {
            status = request.bodyBroken() ? CLIENT_GONE : 500;
            throw lost;
        } finally {
            long micros = (System.nanoTime() - began) / 1_000;
            lines.accept(
                    format.line(
                            new Entry(request, status, headers, length, clock.instant(), micros)));
        }
    }

    /// In bytes, or -1 where it is not known.
    private static long length(Body body) {
        return switch (body) {
            case Body.None _ -> 0;
            case Body.Bytes(byte[] content) -> content.length;
            case Body.File(_, _, long length) -> length;
            case Body.Stream(_, long length) -> length;
        };
    }

    private static String asJson(Entry entry) {
        Request request = entry.request;
        StringBuilder line = new StringBuilder(256);
        line.append("{\"time\":\"").append(second(entry.at.getEpochSecond())).append('.');
        int millis = entry.at.getNano() / 1_000_000;
        line.append(millis < 10 ? "00" : millis < 100 ? "0" : "").append(millis).append('Z');
        request.get(Request.ID).ifPresent(id -> member(line, "id", id));
        member(line, "client", request.remoteAddress());
        request.user().ifPresent(user -> member(line, "user", user));
        member(line, "method", request.method());
        member(line, "path", request.path());
        request.route().ifPresent(route -> member(line, "route", route));
        request.header("User-Agent").ifPresent(agent -> member(line, "agent", agent));
        line.append("\",\"status\":").append(entry.status);
        if (entry.length >= 0) {
            line.append(",\"bytes\":").append(entry.length);
        }
        return line.append(",\"micros\":").append(entry.micros).append('}').toString();
    }

    private static String second(long epoch) {
        Second known = latest;
        if (known.epoch != epoch) {
            String text = Instant.ofEpochSecond(epoch).toString();
            known = new Second(epoch, text.substring(0, text.length() - 1)); // without the Z
            latest = known;
        }
        return known.text;
    }

    /// Behind the open quote of the member before.
    private static void member(StringBuilder line, String name, String value) {
        line.append("\",\"").append(name).append("\":\"").append(LogText.escape(value));
    }

    private static String asCombined(Entry entry) {
        Request request = entry.request;
        // Numbers as %s: %d has the digits of the locale.
        return "%s - %s [%s] \"%s %s %s\" %s %s \"%s\" \"%s\""
                .formatted(
                        LogText.escape(request.remoteAddress()),
                        LogText.escape(request.user().orElse("-")).replace(' ', '_'),
                        COMBINED_TIME.format(entry.at),
                        LogText.escape(request.method()),
                        LogText.escape(request.path()),
                        LogText.escape(request.protocol()),
                        entry.status,
                        entry.length >= 0 ? String.valueOf(entry.length) : "-",
                        LogText.escape(request.header("Referer").orElse("-")),
                        LogText.escape(request.header("User-Agent").orElse("-")));
    }
}
