package dev.hearth.fronts;

import dev.hearth.fastcgi.FastCgiHandler;
import dev.hearth.fastcgi.FastCgiRequest;
import dev.hearth.fastcgi.wire.Role;
import dev.hearth.gateway.FastCgiGateway;
import dev.hearth.http.Body;
import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.testing.Await;
import dev.hearth.web.Router;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/// What stands behind the front servers. A test and a handler meet in files that the query names, so that it
/// makes no difference which process the handler runs in.
final class Site implements FastCgiHandler {
    private static final int CHUNK = 8 * 1024;

    private final FastCgiGateway gateway =
            new FastCgiGateway(routes().build()).withAuthorizer(Site::authorize);

    /// The engine and the gateway, and for `/stderr` a line for the front server's error log.
    @Override
    public int handle(FastCgiRequest request) throws Exception {
        if (request.params().toMap().getOrDefault("REQUEST_URI", "").startsWith("/stderr")) {
            request.stderr().write("a line for the error log\n".getBytes(StandardCharsets.UTF_8));
        }
        return gateway.handle(request);
    }

    @Override
    public boolean serves(Role role) {
        return gateway.serves(role);
    }

    static Router routes() {
        return new Router()
                .get("/", _ -> Response.text("the root\n"))
                .get("/echo", Site::echo)
                .get("/echo/{rest...}", Site::echo)
                .post("/echo", Site::echo)
                .get("/variables", Site::variables)
                .get("/authorize", Site::authorize)
                .get("/hello", _ -> Response.text("Hello, world!\n"))
                .get("/stderr", _ -> Response.text("see the log\n"))
                .post("/mirror", Site::mirror)
                .post("/digest", Site::digest)
                .get("/redirect", _ -> Response.seeOther("/echo?from=redirect"))
                .get("/redirect/away", _ -> Response.seeOther("https://example.org/a?b=c"))
                .get("/nothing", _ -> Response.status(204))
                .get("/unchanged", _ -> Response.status(304).withHeader("ETag", "\"7\""))
                .get("/empty", _ -> Response.text(""))
                .get("/cookies", Site::cookies)
                .get("/headers", Site::headers)
                .get("/stream", Site::stream)
                .get("/endless", Site::endless)
                .get("/fail", Site::failBeforeTheFirstByte)
                .get("/cut", Site::failAfterTheFirstBytes)
                .get("/pid", _ -> Response.text(ProcessHandle.current().pid() + "\n"))
                .get("/crash", _ -> crash())
                .post("/crash", _ -> crash())
                .get("/private/{rest...}", Site::echo)
                .get("/slow", Site::slow);
    }

    private static Response echo(Request request) throws IOException {
        String body = new String(request.bytes(1 << 20), StandardCharsets.UTF_8);
        return Response.text(
                """
                method %s
                path %s
                query %s
                type %s
                cookie %s
                authorization %s
                x-a-b %s
                body %s
                """
                        .formatted(
                                request.method(),
                                request.path(),
                                request.rawQuery(),
                                request.header("Content-Type").orElse("-"),
                                request.header("Cookie").orElse("-"),
                                request.header("Authorization").orElse("-"),
                                request.header("X-A-B").orElse("-"),
                                body));
    }

    private static Response variables(Request request) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(request.variables())
                .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        return Response.text(text.toString());
    }

    // Sends back while it still reads: who only writes first and reads later must not get stuck.
    private static Response mirror(Request request) {
        return Response.stream("application/octet-stream", out -> request.body().transferTo(out));
    }

    private static Response digest(Request request) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        long length = 0;
        for (int count; (count = request.body().read(chunk)) >= 0; length += count) {
            digest.update(chunk, 0, count);
        }
        return Response.text(length + " " + HexFormat.of().formatHex(digest.digest()) + "\n");
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static Response cookies(Request request) {
        return Response.text(request.cookies().getOrDefault("session", "-") + "\n")
                .withHeader("Set-Cookie", "a=1; Path=/; HttpOnly")
                .withHeader("Set-Cookie", "b=2; Path=/");
    }

    /// Headers of `bytes` bytes in all, about 1 KB each.
    private static Response headers(Request request) {
        int left = number(request, "bytes");
        Response response = Response.text("so many\n");
        for (int i = 0; left > 0; i++) {
            int length = Math.min(left, 1_000);
            response = response.withHeader("X-Large-" + i, "h".repeat(Math.max(1, length - 14)));
            left -= length;
        }
        return response;
    }

    private static int number(Request request, String name) {
        return Integer.parseInt(request.query().first(name).orElse("0"));
    }

    private static Path file(Request request, String name) {
        return Path.of(request.query().first(name).orElseThrow());
    }

    /// Sends one piece, and the next when the file `gate` exists.
    private static Response stream(Request request) {
        Path gate = file(request, "gate");
        return unbuffered(
                Response.stream(
                        "text/plain",
                        out -> {
                            say(out, "first\n");
                            Await.until("the gate opens", () -> Files.exists(gate));
                            say(out, "second\n");
                        }));
    }

    /// Makes the file `begun`, where one is named, and answers when the file `gate` exists.
    private static Response slow(Request request) throws IOException {
        Path gate = file(request, "gate");
        if (request.query().first("begun").isPresent()) {
            Files.writeString(file(request, "begun"), "begun");
        }
        Await.until("the gate opens", () -> Files.exists(gate));
        return Response.text("at last\n");
    }

    // nginx gathers a response unless it is told not to; the others have no such header.
    private static Response unbuffered(Response response) {
        return response.withHeader("X-Accel-Buffering", "no");
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// Writes until nobody takes it any more, and then makes the file `told`.
    private static Response endless(Request request) {
        Path told = file(request, "told");
        return unbuffered(
                Response.stream(
                        "application/octet-stream",
                        out -> {
                            try {
                                for (int i = 0; i < 1_000_000; i++) {
                                    out.write(new byte[CHUNK]);
                                    out.flush();
                                }
                            } catch (IOException gone) {
                                Files.createFile(told);
                                throw gone;
                            }
                        }));
    }

    private static Response failBeforeTheFirstByte(Request request) {
        throw new IllegalStateException("meant to fail, query " + request.rawQuery());
    }

    /// Sends a part, and fails; with the query `length` after it has announced more.
    private static Response failAfterTheFirstBytes(Request request) {
        Body.Writer writer =
                out -> {
                    say(out, "a part of the whole\n");
                    throw new IllegalStateException("meant to fail after the first bytes");
                };
        long length = request.query().first("length").isPresent() ? 100 : -1;
        return unbuffered(
                Response.stream("text/plain", writer).withBody(new Body.Stream(writer, length)));
    }

    private static Response crash() {
        Runtime.getRuntime().halt(3);
        return Response.text("never said\n");
    }

    /// Lets in who has the token in the query, and says who it is.
    private static Response authorize(Request request) {
        return request.rawQuery().contains("token=good")
                        || request.variables().getOrDefault("REMOTE_PASSWD", "").equals("good")
                ? Response.status(200).withHeader("Variable-REMOTE_USER", "ada")
                : Response.text(403, "not with this token\n");
    }

    static Handler authorizer() {
        return Site::authorize;
    }
}
