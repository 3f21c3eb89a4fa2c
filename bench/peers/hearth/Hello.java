import dev.hearth.Hearth;
import dev.hearth.http.Response;

/// The subject: one route on the whole default stack.
void main(String[] args) {
    Hearth.run(args, app -> app.get("/hello", request -> Response.text("Hello, world!\n")));
}
