package dev.hearth.service;

import dev.hearth.service.RunningRequests.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What this process is doing, at one moment.
///
/// @param counts what else is counted, by a name such as `fastcgi_waiting`; those that end in `_total` only grow
public record ProcessState(
        String name,
        long pid,
        Instant started,
        Duration uptime,
        long requests,
        List<Running> running,
        int threads,
        long heapBytes,
        long heapMaxBytes,
        Map<String, Long> counts) {

    public ProcessState {
        running = List.copyOf(running);
        counts = new TreeMap<>(counts);
    }

    /// One line, for a log or a supervisor.
    public String line() {
        return "up %ds, %d requests, %d in progress, %d threads, heap %d of %d MiB, %s"
                .formatted(
                        uptime.toSeconds(),
                        requests,
                        running.size(),
                        threads,
                        heapBytes >> 20,
                        heapMaxBytes >> 20,
                        counts);
    }
}
