package dev.hearth.fastcgi;

import dev.hearth.Hearth;
import dev.hearth.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// What the tests of a whole process serve.
public final class WaitingProgram {
    private WaitingProgram() {}

    public static void main(String[] arguments) {
        Hearth.run(
                arguments,
                app -> {
                    app.get("/hello", _ -> Response.text("Hello!"));
                    app.get("/variables", request -> Response.text(request.variables().toString()));
                    app.get(
                            "/print",
                            _ -> {
                                System.out.println("to standard output");
                                System.err.println("to standard error");
                                return Response.text("printed");
                            });
                    app.post(
                            "/count",
                            request ->
                                    Response.text(
                                            Long.toString(
                                                    request.body()
                                                            .transferTo(
                                                                    OutputStream
                                                                            .nullOutputStream()))));
                    app.get(
                            "/bytes",
                            request -> {
                                long count =
                                        Long.parseLong(
                                                request.query().first("count").orElseThrow());
                                return Response.stream(
                                        "application/octet-stream", out -> write(count, out));
                            });
                    // Answers once the file is there that the query names.
                    app.get(
                            "/wait",
                            request -> {
                                Path file = Path.of(request.query().first("file").orElseThrow());
                                Files.writeString(
                                        file.resolveSibling("running"), "", StandardCharsets.UTF_8);
                                while (!Files.exists(file)) {
                                    LockSupport.parkNanos(10_000_000);
                                }
                                return Response.text("waited");
                            });
                });
    }

    private static void write(long count, OutputStream out) throws IOException {
        byte[] piece = new byte[64 * 1024];
        for (long left = count; left > 0; left -= piece.length) {
            out.write(piece, 0, (int) Math.min(left, piece.length));
        }
    }
}
