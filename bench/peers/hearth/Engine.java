import dev.hearth.fastcgi.FastCgiHandler;
import dev.hearth.fastcgi.FastCgiRequest;
import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.gateway.FastCgiGateway;
import dev.hearth.http.Response;
import dev.hearth.web.Router;
import java.io.IOException;
import java.util.List;

// Parts of the subject, to see where its time goes: `engine` is the protocol alone, `gateway` adds the gateway, `router`
// also the router, without anything else of the default stack. usage: Engine engine|gateway|router SOCKET

void main(String[] args) throws IOException, InterruptedException {
    FastCgiHandler handler =
            switch (args[0]) {
                case "engine" -> this::hello;
                case "gateway" -> new FastCgiGateway(_ -> Response.text("Hello, world!\n"));
                default ->
                        new FastCgiGateway(
                                new Router().get("/hello", _ -> Response.text("Hello, world!\n")).build());
            };
    var listener = ListenAddress.parse("unix:" + args[1]).open();
    try (var server = FastCgiServer.start(List.of(listener.channel()), handler, Limits.DEFAULT)) {
        server.awaitStop();
    }
}

int hello(FastCgiRequest request) throws IOException {
    request.stdout().writeLatin1("Content-Type: text/plain\r\n\r\nHello, world!\n");
    return 0;
}
