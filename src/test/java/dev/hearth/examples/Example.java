package dev.hearth.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.app.Main;
import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.RecordType;
import dev.hearth.fastcgi.wire.Role;
import dev.hearth.testing.HearthProcess;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// An example that runs, asked over one of the gateways.
abstract class Example implements AutoCloseable {

    /// The gateways.
    enum Way {
        HTTP,
        FASTCGI,
        CGI
    }

    /// Starts an example in a folder, with variables.
    static Example start(Way way, String name, Path folder, Map<String, String> variables)
            throws IOException {
        Path file = Path.of("examples", name + ".java").toAbsolutePath();
        if (way == Way.CGI) {
            return new ByCgi(file, folder, variables);
        }
        HearthProcess.Plan plan = HearthProcess.in(folder).file(file);
        variables.forEach(plan::environment);
        HearthProcess process = plan.start();
        return way == Way.HTTP ? new ByHttp(process) : new ByFastCgi(process);
    }

    abstract Reply send(String method, String path, Map<String, String> headers, String body)
            throws Exception;

    Reply get(String path) throws Exception {
        return send("GET", path, Map.of(), "");
    }

    Reply post(String path, String json) throws Exception {
        return send("POST", path, Map.of("Content-Type", "application/json"), json);
    }

    @Override
    public abstract void close();

    private static final class ByHttp extends Example {
        private final HearthProcess process;
        private final HttpClient client = HttpClient.newHttpClient();

        ByHttp(HearthProcess process) {
            this.process = process;
        }

        @Override
        Reply send(String method, String path, Map<String, String> headers, String body)
                throws Exception {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(process.uri(path))
                            .method(method, BodyPublishers.ofString(body));
            headers.forEach(request::header);
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            answer.headers().map().forEach((name, values) -> named.put(name, values.getFirst()));
            return new Reply(answer.statusCode(), named, answer.body());
        }

        @Override
        public void close() {
            client.close();
            process.close();
        }
    }

    /// What a front server says of a request.
    static Map<String, String> variables(
            String method, String path, Map<String, String> headers, byte[] body) {
        int question = path.indexOf('?');
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("GATEWAY_INTERFACE", "CGI/1.1");
        variables.put("SERVER_PROTOCOL", "HTTP/1.1");
        variables.put("SERVER_NAME", "localhost");
        variables.put("SERVER_PORT", "80");
        variables.put("REMOTE_ADDR", "192.0.2.7");
        variables.put("REQUEST_METHOD", method);
        variables.put("REQUEST_URI", path);
        variables.put("SCRIPT_NAME", "");
        String pathInfo = question < 0 ? path : path.substring(0, question);
        variables.put("PATH_INFO", URLDecoder.decode(pathInfo, UTF_8));
        variables.put("QUERY_STRING", question < 0 ? "" : path.substring(question + 1));
        if (body.length > 0) {
            variables.put("CONTENT_LENGTH", Integer.toString(body.length));
        }
        headers.forEach((name, value) -> {
            String variable = name.toUpperCase(Locale.ROOT).replace('-', '_');
            variables.put(variable.equals("CONTENT_TYPE") ? variable : "HTTP_" + variable, value);
        });
        return variables;
    }

    static final class ByFastCgi extends Example {
        private final HearthProcess process;

        ByFastCgi(HearthProcess process) {
            this.process = process;
        }

        @Override
        Reply send(String method, String path, Map<String, String> headers, String body)
                throws Exception {
            byte[] content = body.getBytes(UTF_8);
            return ask(Role.RESPONDER, variables(method, path, headers, content), content);
        }

        Reply ask(Role role, Map<String, String> variables, byte[] body) throws IOException {
            ByteArrayOutputStream pairs = new ByteArrayOutputStream();
            variables.forEach((name, value) -> NameValuePairs.encode(pairs, name, value));
            ByteBuffer out = ByteBuffer.allocate(pairs.size() + body.length + 4096);
            RecordEncoder.header(out, RecordType.BEGIN_REQUEST, 1, 8, 0);
            out.putShort((short) role.code()).put(new byte[6]);
            put(out, RecordType.PARAMS, pairs.toByteArray());
            if (role == Role.RESPONDER) {
                put(out, RecordType.STDIN, body);
            }
            out.flip();
            try (SocketChannel channel =
                    SocketChannel.open(UnixDomainSocketAddress.of(process.socket()))) {
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                return Reply.parse(stdout(new DataInputStream(Channels.newInputStream(channel))));
            }
        }

        private static void put(ByteBuffer out, RecordType type, byte[] content) {
            if (content.length > 0) {
                RecordEncoder.header(out, type, 1, content.length, 0);
                out.put(content);
            }
            RecordEncoder.endOfStream(out, type, 1);
        }

        private static byte[] stdout(DataInputStream in) throws IOException {
            ByteArrayOutputStream response = new ByteArrayOutputStream();
            while (true) {
                in.readByte();
                int type = in.readUnsignedByte();
                in.readUnsignedShort();
                int length = in.readUnsignedShort();
                int padding = in.readUnsignedByte();
                in.readByte();
                byte[] content = in.readNBytes(length);
                in.skipNBytes(padding);
                if (type == RecordType.STDOUT.code()) {
                    response.write(content);
                } else if (type == RecordType.END_REQUEST.code()) {
                    return response.toByteArray();
                }
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private static final class ByCgi extends Example {
        private final Path file;
        private final Path folder;
        private final Map<String, String> own;

        ByCgi(Path file, Path folder, Map<String, String> own) {
            this.file = file;
            this.folder = folder;
            this.own = own;
        }

        @Override
        Reply send(String method, String path, Map<String, String> headers, String body)
                throws Exception {
            byte[] content = body.getBytes(UTF_8);
            ProcessBuilder builder =
                    new ProcessBuilder(
                            List.of(
                                    ProcessHandle.current().info().command().orElse("java"),
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Main.class.getName(),
                                    "run",
                                    file.toString()));
            Map<String, String> environment = builder.environment();
            environment.clear();
            environment.putAll(variables(method, path, headers, content));
            environment.put("SCRIPT_FILENAME", file.toString());
            environment.put("HEARTH_DATA", folder.resolve("data").toString());
            environment.putAll(own);
            Process process = builder.redirectError(folder.resolve("errors").toFile()).start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(content);
            }
            byte[] answer = process.getInputStream().readAllBytes();
            process.waitFor();
            return Reply.parse(answer);
        }

        @Override
        public void close() {
            // each request was a process of its own
        }
    }
}
