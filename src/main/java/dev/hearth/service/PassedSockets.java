package dev.hearth.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The listening sockets that systemd passed to this process (sd_listen_fds(3)): file descriptors from 3 on, each
/// with the name that its unit gave it.
public final class PassedSockets {
    private static final int FIRST = 3;
    private static final int MOST = 64;

    private PassedSockets() {}

    /// One of them.
    ///
    /// @param fd its file descriptor
    /// @param name as FileDescriptorName= says; without it the name of the socket unit, or `unknown`
    public record Passed(int fd, String name) {

        /// Whether HTTP is to be spoken there: it is named `http`.
        public boolean isForHttp() {
            return name.equals("http");
        }
    }

    /// What the environment says was passed; nothing without LISTEN_FDS.
    ///
    /// @param pid this process
    /// @throws IllegalArgumentException if the sockets were passed to another process, or their number is none
    public static List<Passed> of(Map<String, String> environment, long pid) {
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (count.isEmpty()) {
            return List.of();
        }
        if (!count.matches("[1-9][0-9]?") || Integer.parseInt(count) > MOST) {
            throw new IllegalArgumentException(
                    "LISTEN_FDS must be 1 to %d, was \"%s\"".formatted(MOST, count));
        }
        String owner = environment.getOrDefault("LISTEN_PID", "");
        if (!owner.equals(Long.toString(pid))) {
            throw new IllegalArgumentException(
                    "LISTEN_FDS is for process %s (LISTEN_PID), and this is process %d: let the unit start Hearth without a program between, or unset LISTEN_FDS"
                            .formatted(owner.isEmpty() ? "nobody" : owner, pid));
        }
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        List<Passed> passed = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(count); i++) {
            String name = i < names.length && !names[i].isEmpty() ? names[i] : "unknown";
            passed.add(new Passed(FIRST + i, name));
        }
        return List.copyOf(passed);
    }
}
