package dev.hearth.web;

import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Sends the part of a file or of bytes that a GET asks for (RFC 9110 section 14): 206, or 416 where it has none.
/// Several ranges come as `multipart/byteranges`; more than ten of them, or more bytes than the whole has, are answered
/// with the whole: a short request must not become a long answer.
public final class Ranges implements Middleware {

    private static final int MOST_RANGES = 10;

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
        boolean bytes = list.regionMatches(true, 0, "bytes=", 0, 6);
        return bytes && isSame(request, response)
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

    private static Response part(Response whole, String list, long length) {
        List<ByteRange> ranges = new ArrayList<>();
        String[] specs = list.split(",", MOST_RANGES + 1);
        for (String spec : specs) {
            if (!ByteRange.isOne(spec.strip())) {
                return whole; // not a list of ranges at all: ignored, as the standard says
            }
            ByteRange.parse(spec.strip(), length).ifPresent(ranges::add);
        }
        if (ranges.isEmpty()) {
            throw Problem.of(
                            416,
                            "range-not-satisfiable",
                            "There are %d bytes; the range asked for has none of them."
                                    .formatted(length))
                    .refuse("Content-Range", "bytes */" + length);
        }
        if (ranges.size() == 1) {
            ByteRange only = ranges.getFirst();
            return whole.withStatus(206)
                    .withHeader("Content-Range", only.of(length))
                    .withBody(cut(whole.body(), only));
        }
        long asked = ranges.stream().mapToLong(ByteRange::length).sum();
        return asked > length ? whole : ByteRangeParts.of(whole, ranges, length);
    }

    static Body cut(Body body, ByteRange range) {
        return switch (body) {
            case Body.Bytes(byte[] content) ->
                    new Body.Bytes(
                            Arrays.copyOfRange(
                                    content, (int) range.first(), (int) range.last() + 1));
            case Body.File(var path, long offset, _) ->
                    new Body.File(path, offset + range.first(), range.length());
            case Body.None none -> none;
            case Body.Stream stream -> stream;
        };
    }
}
