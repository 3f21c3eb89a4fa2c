package dev.hearth.bench.peer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/// The server of the JDK itself, with a thread for each request in progress.
public final class JdkPeer {

    private JdkPeer() {}

    static void main(String[] args) throws IOException {
        if (args.length != 1) {
            IO.println("usage: JdkPeer 127.0.0.1:PORT");
            System.exit(2);
        }
        // Its answers leave in two writes: without this the second waits for the first's
        // acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        int port = new Address(args[0]).port();
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        byte[] hello = "Hello, world!\n".getBytes(StandardCharsets.US_ASCII);
        OrderJson orders = new OrderJson();
        server.createContext("/hello", exchange -> answer(exchange, 200, "text/plain", hello));
        server.createContext(
                "/json",
                exchange -> {
                    byte[] answer;
                    try {
                        answer = orders.answer(exchange.getRequestBody().readAllBytes());
                    } catch (RuntimeException refused) {
                        answer(exchange, 422, "text/plain", new byte[0]);
                        return;
                    }
                    answer(exchange, 200, "application/json", answer);
                });
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
