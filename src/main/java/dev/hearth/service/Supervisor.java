package dev.hearth.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The supervisor that started this process and wants to hear how it is: systemd, by the protocol of
/// sd_notify(3), where the environment names its socket. Without one every call does nothing.
///
/// What cannot be told is logged once and never a reason to fail. Safe for many threads.
public final class Supervisor {
    private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
    private static final int MAX_PATH_BYTES = 107;

    private final byte[] address; // empty: nobody listens
    private final Optional<Duration> watchdog;
    private int socket = -1; // guarded by this
    private boolean complained; // guarded by this

    private Supervisor(byte[] address, Optional<Duration> watchdog) {
        this.address = address;
        this.watchdog = watchdog;
    }

    /// The supervisor that the environment names.
    public static Supervisor of(Map<String, String> environment) {
        byte[] address = address(environment.get("NOTIFY_SOCKET"));
        return new Supervisor(
                address, address.length == 0 ? Optional.empty() : watchdog(environment));
    }

    private static byte[] address(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return new byte[0];
        }
        byte[] address = name.getBytes(StandardCharsets.UTF_8);
        if ((address[0] != '/' && address[0] != '@') || address.length > MAX_PATH_BYTES) {
            log.warn("NOTIFY_SOCKET is no unix address, so nobody is told that this is ready");
            return new byte[0];
        }
        if (address[0] == '@') {
            address[0] = 0; // an abstract name
        }
        return address;
    }

    private static Optional<Duration> watchdog(Map<String, String> environment) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String pid =
                environment.getOrDefault(
                        "WATCHDOG_PID", Long.toString(ProcessHandle.current().pid()));
        boolean ours = pid.equals(Long.toString(ProcessHandle.current().pid()));
        return ours && micros.matches("[1-9][0-9]{0,15}")
                ? Optional.of(Duration.of(Long.parseLong(micros), ChronoUnit.MICROS))
                : Optional.empty();
    }

    /// How long it waits for [#alive] before it ends this process, if it does.
    public Optional<Duration> watchdog() {
        return watchdog;
    }

    /// Requests are served from now on; also the end of a reload.
    public void ready(String status) {
        tell("READY=1\nSTATUS=" + oneLine(status));
    }

    /// The configuration is being read again; [#ready] ends it.
    public void reloading() {
        // On Linux nanoTime is CLOCK_MONOTONIC, which is what systemd wants to see.
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
        tell("RELOADING=1\nMONOTONIC_USEC=" + micros);
    }

    /// What is in progress ends, nothing new begins.
    public void stopping() {
        tell("STOPPING=1");
    }

    /// One line for people.
    public void status(String line) {
        tell("STATUS=" + oneLine(line));
    }

    /// This process works. Expected more often than [#watchdog] says.
    public void alive() {
        tell("WATCHDOG=1");
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }

    private synchronized void tell(String message) {
        if (address.length == 0) {
            return;
        }
        try {
            if (socket < 0) {
                socket = LinuxCalls.datagramSocket();
            }
            LinuxCalls.send(socket, message.getBytes(StandardCharsets.UTF_8), address);
        } catch (IOException | RuntimeException | LinkageError unreachable) {
            if (!complained) {
                complained = true;
                log.warn("the supervisor cannot be told how this process is", unreachable);
            }
        }
    }
}
