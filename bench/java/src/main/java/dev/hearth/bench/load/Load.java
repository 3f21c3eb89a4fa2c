package dev.hearth.bench.load;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Offers load to one target and measures one window of it.
public final class Load {

    private Load() {}

    /// Warms up, measures, stops.
    ///
    /// Each meter is read at the two edges of the window (microseconds of CPU time so far) and gives one value of
    /// {@link Window#cpu()}.
    public static Window run(Target target, Call.Source calls, Plan plan, List<LongSupplier> meters)
            throws IOException, InterruptedException {
        Switch window = new Switch();
        List<Tally> tallies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (Runnable loop : loops(target, calls, plan, window, tallies)) {
            threads.add(Thread.ofPlatform().name("load-" + threads.size()).daemon().start(loop));
        }
        sleep(plan.warmUp());
        long requestsBefore = sum(tallies, true);
        long failuresBefore = sum(tallies, false);
        long[] cpuBefore = meters.stream().mapToLong(LongSupplier::getAsLong).toArray();
        long began = System.nanoTime();
        window.measuring = true;
        sleep(plan.measured());
        window.measuring = false;
        double seconds = (System.nanoTime() - began) / 1e9;
        long[] cpuAfter = meters.stream().mapToLong(LongSupplier::getAsLong).toArray();
        long requests = sum(tallies, true) - requestsBefore;
        long failures = sum(tallies, false) - failuresBefore;
        window.stopped = true;
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(10));
        }
        List<Double> cpu = new ArrayList<>();
        for (int i = 0; i < cpuBefore.length; i++) {
            cpu.add((cpuAfter[i] - cpuBefore[i]) / (double) Math.max(1, requests));
        }
        return new Window(
                seconds,
                requests,
                failures,
                requests / seconds,
                sum(tallies, true),
                cpu,
                spread(tallies.stream().map(t -> t.latency).toList()),
                spread(tallies.stream().map(t -> t.lag).toList()),
                tallies.stream().flatMap(t -> t.errors().stream()).distinct().limit(10).toList());
    }

    /// Read by every generator thread, written by the one that measures.
    static final class Switch {
        volatile boolean measuring;
        volatile boolean stopped;
    }

    private static List<Runnable> loops(
            Target target, Call.Source calls, Plan plan, Switch window, List<Tally> tallies)
            throws IOException {
        List<Runnable> loops = new ArrayList<>();
        switch (plan) {
            case Plan.Closed closed when closed.client() == Plan.Client.THREADS -> {
                for (int i = 0; i < closed.connections(); i++) {
                    loops.add(new ClosedLoop(target, calls, window, tally(tallies)));
                }
            }
            case Plan.Closed closed ->
                    loops.add(
                            EventLoop.saturating(
                                    target, calls, closed.connections(), window, tally(tallies)));
            case Plan.Open open ->
                    loops.add(EventLoop.atRate(target, calls, open, window, tally(tallies)));
        }
        return loops;
    }

    private static Tally tally(List<Tally> tallies) {
        Tally tally = new Tally();
        tallies.add(tally);
        return tally;
    }

    private static void sleep(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while load was running");
            }
        }
    }

    private static long sum(List<Tally> tallies, boolean answered) {
        return tallies.stream().mapToLong(t -> answered ? t.requests() : t.failures()).sum();
    }

    private static Window.Spread spread(List<Histogram> parts) {
        Histogram whole = new Histogram(3);
        parts.forEach(whole::add);
        return new Window.Spread(
                whole.getValueAtPercentile(50) / 1e3,
                whole.getValueAtPercentile(90) / 1e3,
                whole.getValueAtPercentile(99) / 1e3,
                whole.getValueAtPercentile(99.9) / 1e3,
                whole.getMaxValue() / 1e3);
    }
}
