package dev.hearth.bench.load;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The load generator on the command line; `bench/load` without arguments prints how to call it.
public final class LoadMain {

    private static final String USAGE =
            """
            bench/load [options] ADDRESS            ADDRESS is unix:/path or host:port
              --http               speak HTTP/1.1 (default: FastCGI, as nginx speaks it)
              --path /hello        request path; --query a=b; --script FILE (SCRIPT_FILENAME)
              --body FILE          POST this file; --type MIME
              --header 'N: V'      one more header (repeatable)
              --close              a new connection for each request (default: keep-alive)
              --connections 8
              --threads            closed loop with a blocking thread per connection (default: one event loop, as nginx)
              --rate N             open loop at N requests/s (default: closed loop)
              --warmup 3 --seconds 5
              --expect FILE        the whole expected body; --expect-text TEXT; --status 200
            prints one JSON object; all times in microseconds; exit code 1 if a request failed
            """;

    private LoadMain() {}

    static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 0) {
            IO.print(USAGE);
            System.exit(2);
        }
        Map<String, String> options = new HashMap<>();
        List<String> headers = new ArrayList<>();
        String address = "";
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--http", "--close", "--threads" -> options.put(args[i], "");
                case "--header" -> headers.add(args[++i]);
                case String option when option.startsWith("--") -> options.put(option, args[++i]);
                case String other -> address = other;
            }
        }
        Window window = run(address, options, headers);
        IO.println(
                JsonMapper.builder()
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(window));
        System.exit(window.failures() == 0 && window.requests() > 0 ? 0 : 1);
    }

    private static Window run(String address, Map<String, String> options, List<String> headers)
            throws IOException, InterruptedException {
        boolean keep = !options.containsKey("--close");
        Target.Protocol protocol =
                options.containsKey("--http") ? Target.Protocol.HTTP : Target.Protocol.FASTCGI;
        Call call = call(protocol, keep, options, headers);
        int connections = Integer.parseInt(options.getOrDefault("--connections", "8"));
        Duration warmUp = seconds(options.getOrDefault("--warmup", "3"));
        Duration measured = seconds(options.getOrDefault("--seconds", "5"));
        Plan plan =
                options.containsKey("--rate")
                        ? new Plan.Open(
                                connections,
                                Integer.parseInt(options.get("--rate")),
                                warmUp,
                                measured)
                        : new Plan.Closed(
                                connections,
                                options.containsKey("--threads")
                                        ? Plan.Client.THREADS
                                        : Plan.Client.EVENT_LOOP,
                                warmUp,
                                measured);
        return Load.run(
                Target.parse(address, protocol, keep),
                Call.Source.repeating(call),
                plan,
                List.of());
    }

    private static Call call(
            Target.Protocol protocol,
            boolean keep,
            Map<String, String> options,
            List<String> headers)
            throws IOException {
        String path = options.getOrDefault("--path", "/hello");
        String query = options.getOrDefault("--query", "");
        String type = options.getOrDefault("--type", "");
        byte[] body =
                options.containsKey("--body")
                        ? Files.readAllBytes(Path.of(options.get("--body")))
                        : new byte[0];
        String method = options.containsKey("--body") ? "POST" : "GET";
        Expectation expected = expected(options);
        if (protocol == Target.Protocol.HTTP) {
            Map<String, String> fields = new HashMap<>();
            if (!type.isEmpty()) {
                fields.put("Content-Type", type);
            }
            headers.forEach(
                    line -> fields.put(line.split(":", 2)[0], line.split(":", 2)[1].strip()));
            return HttpCall.of(
                    method,
                    query.isEmpty() ? path : path + "?" + query,
                    fields,
                    body,
                    keep,
                    expected);
        }
        Map<String, String> params =
                FastCgiCall.nginxParams(
                        method,
                        path,
                        query,
                        options.getOrDefault("--script", "/var/www/html" + path),
                        body.length,
                        type);
        for (String line : headers) {
            String[] pair = line.split(":", 2);
            params.put(
                    "HTTP_" + pair[0].toUpperCase(java.util.Locale.ROOT).replace('-', '_'),
                    pair[1].strip());
        }
        return FastCgiCall.of(params, body, keep, expected);
    }

    private static Expectation expected(Map<String, String> options) throws IOException {
        int status = Integer.parseInt(options.getOrDefault("--status", "200"));
        if (options.containsKey("--expect")) {
            byte[] body = Files.readAllBytes(Path.of(options.get("--expect")));
            return new Expectation(status, java.util.Optional.of(body));
        }
        if (options.containsKey("--expect-text")) {
            byte[] body = options.get("--expect-text").getBytes(StandardCharsets.UTF_8);
            return new Expectation(status, java.util.Optional.of(body));
        }
        return Expectation.of(status);
    }

    private static Duration seconds(String text) {
        return Duration.ofMillis((long) (Double.parseDouble(text) * 1000));
    }
}
