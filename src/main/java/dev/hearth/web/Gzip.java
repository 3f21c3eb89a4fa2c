package dev.hearth.web;

import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// Compresses text bodies of 1 KiB and more for clients that take gzip. A front server often does this already;
/// put it in where none does.
///
/// Files are left to the front server. Beware of pages that show a secret next to what an attacker can choose:
/// the length of what is compressed tells of the secret (BREACH).
public final class Gzip implements Middleware {
    private static final int WORTH_IT = 1_024;

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            Response response = next.handle(request);
            if (!isCompressible(response)) {
                return response;
            }
            Response varied = response.withHeader("Vary", "Accept-Encoding");
            return takesGzip(request) ? compress(varied) : varied;
        };
    }

    private static boolean isCompressible(Response response) {
        Headers headers = response.headers();
        boolean large =
                switch (response.body()) {
                    case Body.None _ -> false;
                    case Body.Bytes(byte[] content) -> content.length >= WORTH_IT;
                    case Body.File _ -> false;
                    case Body.Stream _ -> true;
                };
        return large
                && response.status() != 206
                && !headers.contains("Content-Encoding")
                && !headers.first("Cache-Control").orElse("").contains("no-transform")
                && isText(MediaTypes.bare(headers.first("Content-Type").orElse("")));
    }

    private static boolean isText(String type) {
        return type.startsWith("text/")
                || type.endsWith("json")
                || type.endsWith("+xml")
                || type.equals("application/jsonl")
                || type.equals("application/javascript")
                || type.equals("application/xml");
    }

    private static boolean takesGzip(Request request) {
        for (String list : request.headers().all("Accept-Encoding")) {
            for (String member : list.split(",", -1)) {
                if (MediaTypes.bare(member).equals("gzip")) {
                    return MediaTypes.quality(member) > 0;
                }
            }
        }
        return false;
    }

    private static Response compress(Response response) throws IOException {
        Body body =
                switch (response.body()) {
                    case Body.Bytes(byte[] content) -> new Body.Bytes(compress(content));
                    case Body.Stream(Body.Writer writer, _) ->
                            new Body.Stream(out -> compress(writer, out), -1);
                    case Body.None none -> none;
                    case Body.File file -> file;
                };
        Headers headers = response.headers().without("Content-Length");
        Optional<String> tag = headers.first("ETag");
        if (tag.isPresent() && !tag.get().startsWith("W/")) {
            headers = headers.replace("ETag", "W/" + tag.get()); // other bytes, same meaning
        }
        return response.withHeaders(headers.with("Content-Encoding", "gzip")).withBody(body);
    }

    private static byte[] compress(byte[] content) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(content.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        }
        return compressed.toByteArray();
    }

    /// `syncFlush`: what the writer flushes reaches the client at once.
    private static void compress(Body.Writer writer, OutputStream out) throws IOException {
        GZIPOutputStream gzip = new GZIPOutputStream(out, 8_192, true);
        writer.writeTo(gzip);
        gzip.finish(); // not in finally: a writer that failed must leave a visible cut
    }
}
