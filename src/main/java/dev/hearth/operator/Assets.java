package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;

/// The one style and the one script of the site. They hold no data, so anyone may have them.
final class Assets {
    private static final Map<String, String> TYPES =
            Map.of(
                    "site.css",
                    "text/css; charset=utf-8",
                    "site.js",
                    "text/javascript; charset=utf-8",
                    "icon.svg",
                    "image/svg+xml");
    private static final String VERSION = computeVersion();

    private Assets() {}

    /// Changes whenever one of them does: it is a part of their address, which can then be kept for a year.
    static String version() {
        return VERSION;
    }

    static Response answer(Request request) {
        String name = request.pathParameter("name");
        String type = TYPES.get(name);
        if (type == null) {
            throw Problem.of(404, "not-found", "There is nothing at this path.").refuse();
        }
        return Response.bytes(200, type, read(name))
                .withHeader("Cache-Control", "public, max-age=31536000, immutable");
    }

    private static String computeVersion() {
        CRC32 sum = new CRC32();
        TYPES.keySet().stream().sorted().forEach(name -> sum.update(read(name)));
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the program");
            }
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
