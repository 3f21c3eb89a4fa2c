// bin/hearth run examples/Hello.java
// curl http://127.0.0.1:8080/hello/world
import dev.hearth.Hearth;
import dev.hearth.http.Response;

void main(String[] args) {
    Hearth.run(args, app -> {
        app.get("/hello/{name}", request -> Response.text("Hello, " + request.pathParameter("name") + "!\n"));

        // What the front server said about the request: the variables of FastCGI and CGI.
        app.get("/variables", request -> {
            StringBuilder lines = new StringBuilder();
            request.variables().forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
            return Response.text(lines.toString());
        });
    });
}
