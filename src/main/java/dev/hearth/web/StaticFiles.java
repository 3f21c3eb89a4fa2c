package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;

/// Serves the files of a folder, with ranges and conditions. For a route that ends with `{path...}`:
///
/// {@snippet lang=java :
/// router.get("/static/{path...}", StaticFiles.of(Path.of("public")));
/// }
///
/// Only regular files below the folder, after symbolic links are followed; none whose name begins with a dot. A path
/// that ends with a slash is a folder's, and answered with its `index.html`; without the slash a folder is not found.
public final class StaticFiles implements Handler {
    private final Path root;
    private final Handler layered;

    private StaticFiles(Path root, List<Middleware> layers) {
        this.root = root.toAbsolutePath().normalize();
        this.layered = Middleware.stack(layers, this::send);
    }

    public static StaticFiles of(Path folder) {
        return new StaticFiles(folder, List.of(new Conditional(), new Ranges()));
    }

    /// The same, sent by the front server (see [FrontServerFiles]).
    public StaticFiles sentBy(Middleware frontServer) {
        return new StaticFiles(root, List.of(new Conditional(), new Ranges(), frontServer));
    }

    @Override
    public Response handle(Request request) throws Exception {
        return layered.handle(request);
    }

    private Response send(Request request) throws IOException {
        Path file = file(request.pathParameter("path"));
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException missing) {
            throw notFound();
        }
        if (!attributes.isRegularFile()) {
            throw notFound();
        }
        String tag =
                "\"%x-%x\"".formatted(attributes.lastModifiedTime().toMillis(), attributes.size());
        return Response.file(contentType(file), file, attributes.size())
                .withHeader("ETag", tag)
                .withHeader(
                        "Last-Modified",
                        Conditional.date(attributes.lastModifiedTime().toInstant()));
    }

    private Path file(String relative) {
        for (String segment : relative.split("/", -1)) {
            if (segment.startsWith(".")) {
                throw notFound();
            }
        }
        try {
            boolean folder = relative.isEmpty() || relative.endsWith("/");
            Path wanted = root.resolve(folder ? relative + "index.html" : relative);
            Path real = wanted.toRealPath();
            if (!real.startsWith(root.toRealPath())) {
                throw notFound(); // a symbolic link to elsewhere
            }
            return real;
        } catch (IOException | InvalidPathException missing) {
            throw notFound();
        }
    }

    private static RefusedException notFound() {
        return Problem.of(404, "not-found", "There is nothing at this path.").refuse();
    }

    private static String contentType(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html", "htm" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js", "mjs" -> "text/javascript; charset=utf-8";
            case "json" -> "application/json";
            case "txt", "md" -> "text/plain; charset=utf-8";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "jpg", "jpeg" -> "image/jpeg";
            case "gif" -> "image/gif";
            case "webp" -> "image/webp";
            case "avif" -> "image/avif";
            case "ico" -> "image/x-icon";
            case "woff2" -> "font/woff2";
            case "woff" -> "font/woff";
            case "pdf" -> "application/pdf";
            case "xml" -> "application/xml";
            case "wasm" -> "application/wasm";
            case "mp4" -> "video/mp4";
            case "webm" -> "video/webm";
            case "mp3" -> "audio/mpeg";
            case "zip" -> "application/zip";
            default -> "application/octet-stream";
        };
    }
}
