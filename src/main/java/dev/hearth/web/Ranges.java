package dev.hearth.web;

import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.util.Arrays;
import java.util.Optional;

/// Sends the part of a file or of bytes that a GET asks for (RFC 9110 section 14): 206, or 416 where it has none.
/// Several ranges at once are answered with the whole, as the standard allows.
public final class Ranges implements Middleware {

    private record Range(long first, long last) {
        long length() {
            return last - first + 1;
        }
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            Response response = next.handle(request);
            long length = length(response.body());
            if (length < 0 || response.status() != 200) {
                return response;
            }
            Response whole = response.withHeader("Accept-Ranges", "bytes");
            Optional<String> wanted = wanted(request, response);
            return wanted.isEmpty() ? whole : part(whole, wanted.get(), length);
        };
    }

    /// In bytes, or -1 where no part can be taken.
    private static long length(Body body) {
        return switch (body) {
            case Body.Bytes(byte[] content) -> content.length;
            case Body.File(_, _, long length) -> length;
            case Body.None _ -> -1;
            case Body.Stream _ -> -1;
        };
    }

    private static Optional<String> wanted(Request request, Response response) {
        Optional<String> range = request.header("Range");
        if (range.isEmpty() || !request.method().equals("GET")) {
            return Optional.empty();
        }
        String list = range.get();
        boolean single = list.regionMatches(true, 0, "bytes=", 0, 6) && list.indexOf(',') < 0;
        return single && isSame(request, response)
                ? Optional.of(list.substring(6).strip())
                : Optional.empty();
    }

    /// If-Range: the part only if the client's other parts are of the same whole.
    private static boolean isSame(Request request, Response response) {
        Optional<String> condition = request.header("If-Range");
        if (condition.isEmpty()) {
            return true;
        }
        String wanted = condition.get();
        return wanted.startsWith("\"")
                ? response.headers().first("ETag").filter(wanted::equals).isPresent()
                : response.headers().first("Last-Modified").filter(wanted::equals).isPresent();
    }

    private static Response part(Response whole, String spec, long length) {
        int dash = spec.indexOf('-');
        if (dash < 0 || !isNumber(spec.substring(0, dash)) || !isNumber(spec.substring(dash + 1))) {
            return whole; // not a range at all: ignored, as the standard says
        }
        Optional<Range> range = range(spec.substring(0, dash), spec.substring(dash + 1), length);
        if (range.isEmpty()) {
            throw Problem.of(
                            416,
                            "range-not-satisfiable",
                            "There are %d bytes; the range asked for has none of them."
                                    .formatted(length))
                    .refuse("Content-Range", "bytes */" + length);
        }
        Range found = range.get();
        String says = "bytes %d-%d/%d".formatted(found.first, found.last, length);
        return whole.withStatus(206)
                .withHeader("Content-Range", says)
                .withBody(cut(whole.body(), found));
    }

    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<Range> range(String first, String last, long length) {
        if (first.isEmpty()) {
            long suffix = last.isEmpty() ? 0 : number(last);
            return suffix == 0 || length == 0
                    ? Optional.empty()
                    : Optional.of(new Range(Math.max(0, length - suffix), length - 1));
        }
        long from = number(first);
        long to = last.isEmpty() ? length - 1 : Math.min(number(last), length - 1);
        return from > to ? Optional.empty() : Optional.of(new Range(from, to));
    }

    /// Digits; more than fit mean: beyond any end.
    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private static Body cut(Body body, Range range) {
        return switch (body) {
            case Body.Bytes(byte[] content) ->
                    new Body.Bytes(
                            Arrays.copyOfRange(content, (int) range.first, (int) range.last + 1));
            case Body.File(var path, long offset, _) ->
                    new Body.File(path, offset + range.first, range.length());
            case Body.None none -> none;
            case Body.Stream stream -> stream;
        };
    }
}
