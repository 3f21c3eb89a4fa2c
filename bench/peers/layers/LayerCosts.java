package dev.hearth.bench.layers;

import am.ik.yavi.builder.ValidatorBuilder;
import am.ik.yavi.core.Validator;

import dev.hearth.gateway.HttpGateway;
import dev.hearth.gateway.HttpLimits;
import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.web.Router;
import dev.hearth.web.StandardLayers;
import dev.hearth.web.json.Json;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What Hearth's layers cost in CPU time, which other work on the machine does not change: the router, the standard
/// layers, and a JSON endpoint beside the same written straight on Jetty's core with Jackson. Rounds are
/// interleaved; figures are medians.
public final class LayerCosts {
    private static final com.sun.management.OperatingSystemMXBean PROCESS =
            (com.sun.management.OperatingSystemMXBean)
                    ManagementFactory.getOperatingSystemMXBean();
    private static final Response ANSWER = Response.text("Hello, world!\n");
    private static final int ROUNDS = 21;
    private static final int CALLS = 100_000;
    private static final int POSTS = 3_000;

    record Order(
            String customer, String email, String street, String city, int quantity, long cents, String note) {}

    private static final Validator<Order> RULES =
            ValidatorBuilder.<Order>of()
                    .constraint(Order::customer, "customer", c -> c.notBlank().lessThan(80))
                    .constraint(Order::email, "email", c -> c.notBlank().email())
                    .constraint(Order::quantity, "quantity", c -> c.greaterThan(0).lessThan(100))
                    .build();

    private static final byte[] ORDER =
            """
            {"customer":"Ada Lovelace","email":"ada@example.org","street":"12 St James's Square, second floor, left","city":"London","quantity":2,"cents":7800,"note":"%s"}
            """
                    .formatted("please ring twice, the bell is quiet; ".repeat(4))
                    .strip()
                    .getBytes(StandardCharsets.UTF_8);

    private LayerCosts() {}

    public static void main(String[] args) throws Exception {
        calls();
        posts();
    }

    private static void calls() throws Exception {
        List<String> names =
                List.of("bare handler", "router, 10 routes", "router, 1,000 routes", "router and standard layers");
        List<Handler> handlers =
                List.of(_ -> ANSWER, routes(10, List.of()), routes(1_000, List.of()), routes(10, StandardLayers.withoutLog()));
        double[][] micros = new double[handlers.size()][ROUNDS];
        for (int round = -3; round < ROUNDS; round++) {
            for (int i = 0; i < handlers.size(); i++) {
                double took = call(handlers.get(i));
                if (round >= 0) {
                    micros[i][round] = took;
                }
            }
        }
        System.out.println("| one call of a handler | CPU µs, median | smallest | largest |");
        System.out.println("|---|---:|---:|---:|");
        for (int i = 0; i < handlers.size(); i++) {
            row(names.get(i), micros[i]);
        }
        System.out.printf(
                "%nThe router and the standard layers add %.2f µs to a bare handler; 1,000 routes cost %.2f x 10.%n%n",
                median(micros[3]) - median(micros[0]), median(micros[2]) / median(micros[1]));
    }

    private static Handler routes(int count, List<Middleware> layers) {
        Router router = new Router();
        layers.forEach(router::with);
        for (int i = 0; i < count; i++) {
            router.get("/things/" + i + "/{id}", _ -> ANSWER);
        }
        return router.build();
    }

    private static double call(Handler handler) throws Exception {
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < CALLS; i++) {
            if (handler.handle(Requests.get("/things/3/4711")).status() != 200) {
                throw new IllegalStateException("not answered");
            }
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1_000.0 / CALLS;
    }

    private static void posts() throws Exception {
        Handler site =
                new Router()
                        .post("/orders", Json.accepting(Order.class).checkedBy(RULES).handler(201, Order.class, (_, order) -> order))
                        .build();
        Server jetty = jetty();
        try (HttpGateway hearth =
                HttpGateway.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), site, HttpLimits.DEFAULT)) {
            int[] ports = {hearth.port(), ((ServerConnector) jetty.getConnectors()[0]).getLocalPort()};
            double[][] micros = new double[2][ROUNDS];
            for (int round = -15; round < ROUNDS; round++) {
                for (int i = 0; i < 2; i++) {
                    double took = post(ports[i]);
                    if (round >= 0) {
                        micros[i][round] = took;
                    }
                }
            }
            System.out.printf("| POST of %d bytes of JSON over HTTP | CPU µs, median | smallest | largest |%n", ORDER.length);
            System.out.println("|---|---:|---:|---:|");
            row("Hearth: strict reading, checked, written", micros[0]);
            row("Jetty core, Jackson, checked, written", micros[1]);
            double[] ratios = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                ratios[round] = micros[0][round] / micros[1][round];
            }
            System.out.printf("%nHearth costs %.2f x Jetty's core with Jackson (median of the rounds' ratios).%n", median(ratios));
        } finally {
            jetty.stop();
        }
    }

    /// The same work as a good programmer writes it without a framework.
    private static Server jetty() throws Exception {
        JsonMapper mapper = JsonMapper.builder().build();
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(
                new org.eclipse.jetty.server.Handler.Abstract() {
                    @Override
                    public boolean handle(Request request, org.eclipse.jetty.server.Response response, Callback callback)
                            throws IOException {
                        Order order;
                        try (InputStream body = Content.Source.asInputStream(request)) {
                            order = mapper.readValue(body.readAllBytes(), Order.class);
                        }
                        if (!RULES.validate(order).isValid()) {
                            response.setStatus(422);
                        } else {
                            response.setStatus(201);
                        }
                        byte[] json = mapper.writeValueAsBytes(order);
                        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, json.length);
                        response.write(true, ByteBuffer.wrap(json), callback);
                        return true;
                    }
                });
        server.start();
        return server;
    }

    /// CPU time of the whole process without that of this thread, which is the client.
    private static double post(int port) throws IOException {
        byte[] request =
                ("POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                + ORDER.length
                                + "\r\n\r\n"
                                + new String(ORDER, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            long process = PROCESS.getProcessCpuTime();
            long client = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < POSTS; i++) {
                out.write(request);
                answer(in);
            }
            long clientTook = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - client;
            return (PROCESS.getProcessCpuTime() - process - clientTook) / 1_000.0 / POSTS;
        }
    }

    private static void answer(InputStream in) throws IOException {
        String status = line(in);
        int length = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        if (!status.startsWith("HTTP/1.1 201") || length != ORDER.length) {
            throw new IOException("another answer was expected than " + status + " with " + length);
        }
        in.skipNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private static void row(String name, double[] micros) {
        double[] sorted = micros.clone();
        Arrays.sort(sorted);
        System.out.printf("| %s | %.2f | %.2f | %.2f |%n", name, median(micros), sorted[0], sorted[sorted.length - 1]);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
