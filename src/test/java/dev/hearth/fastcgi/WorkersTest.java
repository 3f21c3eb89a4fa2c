package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkersTest {

    @Test
    void a_worker_without_work_ends_and_gives_its_memory_back() throws Exception {
        Workers workers = new Workers(Duration.ofMillis(1));
        CompletableFuture<ByteBuffer> used = new CompletableFuture<>();
        CompletableFuture<ByteBuffer> again = new CompletableFuture<>();
        Worker worker = workers.reserve();

        worker.assign(on -> {
            used.complete(on.responseBuffer());
            again.complete(on.responseBuffer());
        });
        worker.join(Duration.ofMinutes(1));

        assertThat(worker.isAlive()).isFalse();
        assertThat(workers.count()).isZero();
        ByteBuffer buffer = used.get(1, TimeUnit.MINUTES);
        assertThat(again.get(1, TimeUnit.MINUTES)).isSameAs(buffer);
        assertThat(MemorySegment.ofBuffer(buffer).scope().isAlive()).isFalse();
    }
}
