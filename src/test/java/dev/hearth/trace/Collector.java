package dev.hearth.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A small collector: takes spans by OTLP over HTTP, and keeps them.
final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final List<Sent> spans = new ArrayList<>(); // guarded by this

    /// A span as it came. Ids are in hex, numbers among the attributes are left out; `service` is that of its
    /// resource.
    record Sent(
            String service,
            String traceId,
            String spanId,
            String parentId,
            String name,
            Map<String, String> attributes) {}

    private Collector(HttpServer server) {
        this.server = server;
    }

    static Collector start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        Collector collector = new Collector(server);
        server.createContext("/v1/traces", collector::take);
        server.start();
        return collector;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized List<Sent> spans() {
        return List.copyOf(spans);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            List<Sent> sent = read(exchange.getRequestBody().readAllBytes());
            synchronized (this) {
                spans.addAll(sent);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /// The field numbers are those of opentelemetry/proto/trace/v1/trace.proto.
    private static List<Sent> read(byte[] request) {
        List<Sent> read = new ArrayList<>();
        for (byte[] ofResource : fields(request, 1)) {
            Map<String, String> resource = attributes(fields(ofResource, 1).getFirst(), 1);
            for (byte[] ofScope : fields(ofResource, 2)) {
                for (byte[] span : fields(ofScope, 2)) {
                    read.add(
                            new Sent(
                                    resource.getOrDefault("service.name", ""),
                                    hex(span, 1),
                                    hex(span, 2),
                                    hex(span, 4),
                                    new String(fields(span, 5).getFirst(), UTF_8),
                                    attributes(span, 9)));
                }
            }
        }
        return read;
    }

    private static String hex(byte[] message, int field) {
        List<byte[]> found = fields(message, field);
        return found.isEmpty() ? "" : HexFormat.of().formatHex(found.getFirst());
    }

    private static Map<String, String> attributes(byte[] message, int field) {
        Map<String, String> texts = new TreeMap<>();
        for (byte[] pair : fields(message, field)) {
            for (byte[] text : fields(fields(pair, 2).getFirst(), 1)) {
                texts.put(new String(fields(pair, 1).getFirst(), UTF_8), new String(text, UTF_8));
            }
        }
        return texts;
    }

    /// The values of a field that is a text, bytes or a message.
    private static List<byte[]> fields(byte[] message, int wanted) {
        List<byte[]> found = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            switch ((int) tag & 7) {
                case 0 -> varint(in);
                case 1 -> in.getLong();
                case 5 -> in.getInt();
                default -> {
                    byte[] value = new byte[(int) varint(in)];
                    in.get(value);
                    if (tag >> 3 == wanted) {
                        found.add(value);
                    }
                }
            }
        }
        return found;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
