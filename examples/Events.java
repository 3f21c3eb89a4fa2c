// Server-sent events: a countdown that a browser shows as it comes.
//
//   bin/hearth run examples/Events.java
//   curl -N 'http://127.0.0.1:8080/countdown?from=5'        or open http://127.0.0.1:8080/
import dev.hearth.Hearth;
import dev.hearth.http.Response;
import dev.hearth.web.Bind;
import dev.hearth.web.ServerSentEvents;
import java.io.InterruptedIOException;

final String PAGE = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>Countdown</title>
        <h1 id="now">…</h1>
        <script>
        const events = new EventSource("/countdown?from=10");
        events.addEventListener("tick", event => now.textContent = event.data);
        events.addEventListener("end", event => { now.textContent = event.data; events.close(); });
        </script>
        </html>
        """;

void main(String[] args) {
    Hearth.run(args, app -> {
        app.get("/", request -> Response.html(200, PAGE)
                .withHeader("Content-Security-Policy", "default-src 'self'; script-src 'unsafe-inline'"));

        app.get("/countdown", request -> {
            int from = Math.min(100, Bind.query(request, "from", Integer.class).orElse(10));
            int pause = Math.min(1000, Bind.query(request, "pause", Integer.class).orElse(1000));
            return ServerSentEvents.stream(events -> {
                for (int left = from; left > 0; left--) {
                    events.send("tick", String.valueOf(left), left + " …");
                    rest(pause);
                }
                events.send("end", "0", "lift-off");
            });
        });
    });
}

void rest(int millis) throws InterruptedIOException {
    try {
        Thread.sleep(millis);
    } catch (InterruptedException stopped) {
        throw new InterruptedIOException("the server is stopping");
    }
}
