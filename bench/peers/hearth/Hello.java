import dev.hearth.Hearth;
import dev.hearth.http.Body;
import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.json.Json;
import dev.hearth.web.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

// The subject: its routes on the whole default stack.

// A whole number of alphabets, so that pieces follow on.
static final byte[] PIECE = "abcdefghijklmnopqrstuvwxyz".repeat(2520).getBytes(StandardCharsets.US_ASCII);

record NewOrder(String customer, String email, String currency, List<Line> lines, String note) {
    NewOrder {
        require(!customer.isBlank() && customer.length() <= 100, "a customer has a name of at most 100 characters");
        require(email.indexOf('@') > 0, "an e-mail address has an @");
        require(currency.length() == 3, "a currency has three letters");
        require(!lines.isEmpty() && lines.size() <= 50, "an order has 1 to 50 lines");
        require(note.length() <= 500, "a note has at most 500 characters");
    }
}

record Line(String article, int quantity, long cents) {
    Line {
        require(!article.isBlank(), "an article has a name");
        require(quantity >= 1 && quantity <= 1000, "a quantity is 1 to 1000");
        require(cents >= 0, "a price is not negative");
    }
}

record Sum(String customer, String currency, int articles, long cents) {}

static void require(boolean isSo, String otherwise) {
    if (!isSo) {
        throw new IllegalArgumentException(otherwise);
    }
}

static final JsonReader<NewOrder> ORDER = Json.accepting(NewOrder.class);

void main(String[] args) {
    Hearth.run(
            args,
            app -> {
                app.get("/hello", _ -> Response.text("Hello, world!\n"));
                app.post("/json", request -> Json.response(sum(ORDER.read(request))));
                app.post("/upload", request -> Response.text(count(request.body()) + "\n"));
                app.get("/download", request -> alphabets(request));
            });
}

Sum sum(NewOrder order) {
    long cents = order.lines().stream().mapToLong(line -> line.quantity() * line.cents()).sum();
    return new Sum(order.customer(), order.currency(), order.lines().size(), cents);
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
