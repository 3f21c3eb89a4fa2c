package dev.hearth.bench.jmh;

import dev.hearth.http.Handler;
import dev.hearth.http.Requests;
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
        return handler.handle(Requests.get("/literal/3/page"));
    }

    /// A route with one parameter.
    @Benchmark
    public Response parameter() throws Exception {
        return handler.handle(Requests.get("/things/3/4711"));
    }
}
