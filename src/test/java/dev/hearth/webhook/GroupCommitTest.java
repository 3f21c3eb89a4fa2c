package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final List<List<Integer>> groups = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicInteger arrived = new AtomicInteger();

    /// Writes a group; the first waits until it is let go, so that the others gather.
    private List<String> write(List<Integer> group) throws InterruptedException {
        groups.add(group);
        if (groups.size() == 1) {
            first.await();
        }
        if (group.contains(13)) {
            throw new IllegalStateException("13 cannot be written");
        }
        return group.stream().map(i -> "written " + i).toList();
    }

    private GroupCommit<Integer, String> commit(GroupCommit.Limits limits) {
        return new GroupCommit<>(
                this::write, failed -> failed instanceof IllegalStateException, _ -> 1, limits);
    }

    /// Lets the first write alone while the others come, then lets it go.
    private List<Future<String>> bring(GroupCommit<Integer, String> commit, int from, int to)
            throws Exception {
        List<Future<String>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            results.add(threads.submit(bringing(commit, from)));
            Await.until("the first writes", () -> !groups.isEmpty());
            for (int i = from + 1; i <= to; i++) {
                results.add(threads.submit(bringing(commit, i)));
            }
            Await.until("all have come", () -> arrived.get() == to - from + 1);
            Await.until("all wait", () -> commit.waiting() == to - from);
            first.countDown();
        }
        return results;
    }

    private Callable<String> bringing(GroupCommit<Integer, String> commit, int item) {
        return () -> {
            arrived.incrementAndGet();
            return commit.write(item);
        };
    }

    @Test
    void one_alone_is_written_at_once() throws Exception {
        first.countDown();

        assertThat(commit(GroupCommit.Limits.DEFAULT).write(1)).isEqualTo("written 1");
        assertThat(groups).containsExactly(List.of(1));
    }

    @Test
    void those_that_come_meanwhile_are_written_together_and_each_gets_its_own_result()
            throws Exception {
        List<Future<String>> results = bring(commit(GroupCommit.Limits.DEFAULT), 1, 9);

        assertThat(groups).hasSize(2);
        assertThat(groups.getLast()).hasSize(8);
        for (int i = 0; i < 9; i++) {
            assertThat(results.get(i).get()).isEqualTo("written " + (i + 1));
        }
    }

    @Test
    void a_group_is_no_larger_than_its_limits() throws Exception {
        bring(commit(new GroupCommit.Limits(3, 1_000, 100)), 1, 8);
        assertThat(groups).allSatisfy(group -> assertThat(group).hasSizeLessThanOrEqualTo(3));
    }

    @Test
    void a_group_is_no_heavier_than_its_limits() throws Exception {
        bring(commit(new GroupCommit.Limits(100, 2, 100)), 1, 8);
        assertThat(groups).allSatisfy(group -> assertThat(group).hasSizeLessThanOrEqualTo(2));
    }

    @Test
    void one_that_cannot_be_written_fails_alone() throws Exception {
        List<Future<String>> results = bring(commit(GroupCommit.Limits.DEFAULT), 10, 15);

        for (int i = 10; i <= 15; i++) {
            Future<String> result = results.get(i - 10);
            if (i == 13) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(result::get)
                        .withRootCauseInstanceOf(IllegalStateException.class);
            } else {
                assertThat(result.get()).isEqualTo("written " + i);
            }
        }
    }

    @Test
    void when_as_many_wait_as_may_the_next_is_refused() throws Exception {
        GroupCommit<Integer, String> commit = commit(new GroupCommit.Limits(10, 1_000, 1));
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<String> writing = threads.submit(bringing(commit, 1));
            Await.until("the first writes", () -> !groups.isEmpty());
            Future<String> waiting = threads.submit(bringing(commit, 2));
            Await.until("the second waits", () -> commit.waiting() == 1);

            assertThatExceptionOfType(GroupCommit.FullException.class)
                    .isThrownBy(() -> commit.write(3));

            first.countDown();
            assertThat(writing.get()).isEqualTo("written 1");
            assertThat(waiting.get()).isEqualTo("written 2");
        }
    }
}
