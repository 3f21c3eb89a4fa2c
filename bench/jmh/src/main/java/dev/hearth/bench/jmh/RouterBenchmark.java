package dev.hearth.bench.jmh;

import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Request;
import dev.hearth.http.RequestSource;
import dev.hearth.http.Response;
import dev.hearth.web.Router;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Finding a route among 10 and among 1,000: it must cost the same.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBenchmark {

    private static final Response ANSWER = Response.text("Hello, world!\n");

    @Param({"10", "1000"})
    public int routes;

    private Handler handler = _ -> ANSWER;

    @Setup
    public void build() {
        Router router = new Router();
        for (int i = 0; i < routes / 2; i++) {
            router.get("/literal/" + i + "/page", _ -> ANSWER);
            router.get("/things/" + i + "/{id}", _ -> ANSWER);
        }
        handler = router.build();
    }

    /// A route without parameters.
    @Benchmark
    public Response literal() throws Exception {
        return handler.handle(new Request(new Get("/literal/3/page")));
    }

    /// A route with one parameter.
    @Benchmark
    public Response parameter() throws Exception {
        return handler.handle(new Request(new Get("/things/3/4711")));
    }

    private record Get(String path) implements RequestSource {

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String rawQuery() {
            return "";
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }

        @Override
        public Headers headers() {
            return Headers.EMPTY;
        }

        @Override
        public long contentLength() {
            return 0;
        }

        @Override
        public InputStream body() {
            return InputStream.nullInputStream();
        }

        @Override
        public String remoteAddress() {
            return "192.0.2.17";
        }

        @Override
        public String scheme() {
            return "https";
        }

        @Override
        public String host() {
            return "shop.example";
        }

        @Override
        public String protocol() {
            return "HTTP/1.1";
        }

        @Override
        public Optional<String> user() {
            return Optional.empty();
        }

        @Override
        public Map<String, String> variables() {
            return Map.of();
        }
    }
}
