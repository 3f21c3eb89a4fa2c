package dev.hearth.gateway;

import static dev.hearth.gateway.LocalHttp.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.thread.ExecutionStrategy;
import org.eclipse.jetty.util.thread.strategy.AdaptiveExecutionStrategy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which thread runs what, with Jetty's own strategy and tasks that stand for requests.
@Timeout(60)
final class LookoutTest {
    private final Queue<Runnable> arrived = new ConcurrentLinkedQueue<>();
    private final List<Runnable> queued = new ArrayList<>();

    /// Does what has arrived as Jetty would, beginning with this thread, until all of it has begun.
    private void work(Lookout lookout) throws Exception {
        ExecutionStrategy.Producer connections = arrived::poll;
        AdaptiveExecutionStrategy strategy = new AdaptiveExecutionStrategy(connections, lookout);
        strategy.start();
        strategy.produce();
    }

    private static void relievedBy(AtomicReference<@Nullable Thread> other, CountDownLatch ran) {
        other.set(Thread.currentThread());
        ran.countDown();
    }

    @Test
    void a_thread_that_comes_back_goes_on_and_no_other_is_woken() throws Exception {
        List<Thread> ran = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            arrived.add(() -> ran.add(Thread.currentThread()));
        }
        try (Lookout lookout = new Lookout(queued::add, 1)) {
            work(lookout);
        }
        Thread here = Thread.currentThread();
        assertThat(ran).containsExactly(here, here, here);
        assertThat(queued).isEmpty();
    }

    @Test
    void who_says_that_he_will_wait_is_relieved() throws Exception {
        AtomicReference<@Nullable Thread> other = new AtomicReference<>();
        CountDownLatch ran = new CountDownLatch(1);
        try (Lookout lookout = new Lookout(queued::add, 2)) {
            arrived.add(() -> {
                lookout.relieve();
                await(ran);
            });
            arrived.add(() -> relievedBy(other, ran));
            work(lookout);
            assertThat(other.get()).isNotNull().isNotSameAs(Thread.currentThread());
        }
    }

    @Test
    void who_is_slow_by_surprise_is_relieved() throws Exception {
        AtomicReference<@Nullable Thread> other = new AtomicReference<>();
        CountDownLatch ran = new CountDownLatch(1);
        try (Lookout lookout = new Lookout(queued::add, 2)) {
            lookout.start();
            arrived.add(() -> await(ran));
            arrived.add(() -> relievedBy(other, ran));
            work(lookout);
            assertThat(other.get()).isNotNull().isNotSameAs(Thread.currentThread());
        }
    }

    // Two runs of one test, each with what arrives for itself: a thread of the first goes on
    // looking.
    @ParameterizedTest
    @CsvSource({"1, true", "2, false"})
    void where_nobody_more_may_stand_by_requests_are_queued(int places, boolean expected)
            throws Exception {
        CountDownLatch found = new CountDownLatch(1);
        try (Lookout lookout =
                new Lookout(
                        task -> {
                            queued.add(task);
                            found.countDown();
                        },
                        places)) {
            arrived.add(() -> {
                lookout.relieve();
                await(found);
            });
            arrived.add(found::countDown);
            work(lookout);
        }
        assertThat(!queued.isEmpty()).isEqualTo(expected);
    }

    @Test
    void after_the_end_nobody_is_relieved() throws Exception {
        AtomicReference<@Nullable Thread> second = new AtomicReference<>();
        Lookout lookout = new Lookout(queued::add, 1);
        arrived.add(() -> {
            lookout.close();
            lookout.relieve();
        });
        arrived.add(() -> second.set(Thread.currentThread()));
        work(lookout);
        assertThat(second.get()).isSameAs(Thread.currentThread());
    }
}
