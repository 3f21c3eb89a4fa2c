package dev.hearth.web;

import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Response;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/// Lets the front server send files itself: it is told the file in a header, and its sendfile costs no copy here.
/// It also does ranges and conditions then.
///
/// Only for gateways behind that front server: anyone else would get an empty answer. Put it innermost, inside
/// [Ranges].
public final class FrontServerFiles {
    private FrontServerFiles() {}

    /// nginx: files below `folder` are told as `X-Accel-Redirect` below `location`, which must be `internal` there:
    ///
    /// ```
    /// location /protected/ { internal; alias /srv/files/; }
    /// ```
    public static Middleware accelRedirect(Path folder, String location) {
        String prefix = location.endsWith("/") ? location : location + "/";
        Path root = folder.toAbsolutePath().normalize();
        return layer(root, "X-Accel-Redirect", file -> prefix + encoded(root.relativize(file)));
    }

    /// Apache with mod_xsendfile, lighttpd: files below `folder` are told as `X-Sendfile` with their whole path.
    public static Middleware sendfile(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        return layer(root, "X-Sendfile", Path::toString);
    }

    private interface Naming {
        String name(Path file);
    }

    private static Middleware layer(Path root, String header, Naming naming) {
        return next -> wrap(next, root, header, naming);
    }

    private static Handler wrap(Handler next, Path root, String header, Naming naming) {
        return request -> {
            Response response = next.handle(request);
            if (response.body() instanceof Body.File(Path path, long offset, _)
                    && response.status() == 200
                    && offset == 0) {
                Path file = path.toAbsolutePath().normalize();
                if (file.startsWith(root)) {
                    return response.withHeaders(
                                    response.headers()
                                            .without("Content-Length")
                                            .with(header, naming.name(file)))
                            .withBody(Body.NONE);
                }
            }
            return response;
        };
    }

    /// Percent-encoded, since nginx decodes it.
    private static String encoded(Path relative) {
        ByteArrayOutputStream url = new ByteArrayOutputStream();
        for (byte octet : relative.toString().getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    (octet >= 'a' && octet <= 'z')
                            || (octet >= 'A' && octet <= 'Z')
                            || (octet >= '0' && octet <= '9')
                            || "-._~/".indexOf(octet) >= 0;
            if (plain) {
                url.write(octet);
            } else {
                url.write('%');
                url.writeBytes(
                        HexFormat.of()
                                .withUpperCase()
                                .toHexDigits(octet)
                                .getBytes(StandardCharsets.US_ASCII));
            }
        }
        return url.toString(StandardCharsets.US_ASCII);
    }
}
