package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FastCgiCallTest {
    @TempDir Path folder;

    @Test
    @Timeout(60)
    void gives_up_a_process_that_takes_connections_and_answers_nothing() throws Exception {
        ListenAddress address = ListenAddress.parse("unix:" + folder.resolve("s"));
        try (Listener _ = address.open()) {
            assertThatIOException()
                    .isThrownBy(() ->
                            FastCgiCall.get(address, "/healthz", Map.of(), Duration.ofMillis(50)))
                    .withMessageStartingWith("no answer within ");
        }
    }

    @Test
    void says_when_nobody_listens() {
        ListenAddress address = ListenAddress.parse("unix:" + folder.resolve("nobody"));
        assertThatIOException()
                .isThrownBy(() ->
                        FastCgiCall.get(address, "/healthz", Map.of(), Duration.ofSeconds(60)))
                .withMessageNotContaining("no answer within ");
    }
}
