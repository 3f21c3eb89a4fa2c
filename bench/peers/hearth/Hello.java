import dev.hearth.Hearth;
import dev.hearth.http.Body;
import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

// The subject: three routes on the whole default stack.

// A whole number of alphabets, so that pieces follow on.
static final byte[] PIECE = "abcdefghijklmnopqrstuvwxyz".repeat(2520).getBytes(StandardCharsets.US_ASCII);

void main(String[] args) {
    Hearth.run(
            args,
            app -> {
                app.get("/hello", _ -> Response.text("Hello, world!\n"));
                app.post("/upload", request -> Response.text(count(request.body()) + "\n"));
                app.get("/download", request -> alphabets(request));
            });
}

long count(InputStream body) throws IOException {
    byte[] piece = new byte[65536];
    long count = 0;
    for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
        count += read;
    }
    return count;
}

Response alphabets(Request request) {
    long length = Long.parseLong(request.query().first("bytes").orElseThrow());
    return new Response(
            200,
            Headers.of("Content-Type", "application/octet-stream"),
            new Body.Stream(out -> write(out, length), length),
            List.of());
}

void write(OutputStream out, long length) throws IOException {
    for (long left = length; left > 0; left -= PIECE.length) {
        out.write(PIECE, 0, (int) Math.min(left, PIECE.length));
    }
}
