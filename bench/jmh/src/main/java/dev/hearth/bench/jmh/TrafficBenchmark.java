package dev.hearth.bench.jmh;

import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import dev.hearth.http.Response;
import dev.hearth.metrics.Traffic;
import dev.hearth.web.Metrics;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// What counting costs a request: the layer with its two readings of the clock, alone and with two threads on one route.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TrafficBenchmark {
    private static final Response ANSWER = Response.text("Hello, world!");

    private final Handler bare = _ -> ANSWER;
    private final Handler counted = new Metrics(new Traffic()).wrap(bare);
    private final Request request = request();

    @Benchmark
    public Response without() throws Exception {
        return bare.handle(request);
    }

    @Benchmark
    public Response counted() throws Exception {
        return counted.handle(request);
    }

    @Benchmark
    @Threads(2)
    public Response countedByTwoThreads() throws Exception {
        return counted.handle(request);
    }

    private static Request request() {
        Request request = Requests.get("/hello/world");
        request.setRoute("/hello/{name}");
        return request;
    }
}
