package dev.hearth.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A real systemd, booted in a folder with a small Debian (debootstrap, systemd-nspawn). What it changes is gone
/// when it is closed.
///
/// The folder is made once and kept in the user's cache. Needs root; without it or the packages the test is
/// skipped.
public final class Systemd implements AutoCloseable {
    private static final Path DEBOOTSTRAP = Path.of("/usr/sbin/debootstrap");
    private static final Path NSPAWN = Path.of("/usr/bin/systemd-nspawn");
    private static final String PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

    private final ChildProcess machine;
    private final ProcessHandle leader;
    private final Path folder;

    private Systemd(ChildProcess machine, ProcessHandle leader, Path folder) {
        this.machine = machine;
        this.leader = leader;
        this.folder = folder;
    }

    /// Boots it, with an installation to be seen as `/opt/hearth`, and the units of `deploy/systemd` in place.
    public static Systemd boot(Path installation, Path folder) throws Exception {
        Path root = root(folder);
        Path java = Path.of(System.getProperty("java.home")).toRealPath();
        ChildProcess machine =
                ChildProcess.start(
                        "nspawn",
                        folder,
                        Map.of(),
                        List.of(
                                NSPAWN.toString(),
                                "-q",
                                "-b",
                                "-D",
                                root.toString(),
                                "--register=no",
                                "--keep-unit",
                                "--console=pipe",
                                "--private-network",
                                "--volatile=overlay",
                                "--bind-ro=" + java + ":/usr/lib/jvm/java",
                                "--bind-ro=" + installation + ":/opt/hearth"));
        try {
            Await.until(
                    "nspawn has a machine: " + machine.output(),
                    () -> leader(machine).isPresent() || !machine.isAlive());
            Assumptions.assumeTrue(
                    machine.isAlive(), () -> "systemd-nspawn cannot run here: " + machine.output());
            Systemd systemd = new Systemd(machine, leader(machine).orElseThrow(), folder);
            Await.until("systemd runs", systemd::isUp);
            systemd.install();
            return systemd;
        } catch (Throwable failed) {
            machine.close();
            throw failed;
        }
    }

    private boolean isUp() throws IOException, InterruptedException {
        String state = run("systemctl", "is-system-running").output().strip();
        return state.equals("running") || state.equals("degraded");
    }

    /// The first process inside. Before it nspawn has helpers, which come and go.
    private static Optional<ProcessHandle> leader(ChildProcess machine) {
        return ProcessHandle.of(machine.pid())
                .flatMap(nspawn -> nspawn.children().filter(Systemd::isFirstInside).findFirst());
    }

    private static boolean isFirstInside(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                            .anyMatch(line -> line.matches("NSpid:.*\\s1"))
                    && Files.readString(Path.of("/proc/" + process.pid() + "/comm"))
                            .startsWith("systemd");
        } catch (IOException gone) {
            return false;
        }
    }

    private static Path root(Path folder) throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "a container needs root");
        Assumptions.assumeTrue(Files.isExecutable(NSPAWN), "systemd-nspawn is not installed");
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "hearth");
        Path root = cache.resolve("systemd-root");
        if (!Files.exists(root)) {
            Assumptions.assumeTrue(Files.isExecutable(DEBOOTSTRAP), "debootstrap is not installed");
            Files.createDirectories(cache);
            Path unready = cache.resolve("systemd-root." + ProcessHandle.current().pid());
            try (ChildProcess making =
                    ChildProcess.start(
                            "debootstrap",
                            folder,
                            Map.of(),
                            List.of(
                                    DEBOOTSTRAP.toString(),
                                    "--variant=minbase",
                                    "--include=systemd,systemd-sysv,dbus,libpam-systemd,acl",
                                    "bookworm",
                                    unready.toString()))) {
                int code = making.awaitExit(300);
                Assumptions.assumeTrue(
                        code == 0, () -> "debootstrap failed: " + tail(making.output()));
            }
            Files.move(unready, root, StandardCopyOption.ATOMIC_MOVE);
        }
        // They wait for what a container without network and terminal never has.
        for (String unit :
                List.of(
                        "systemd-networkd-wait-online.service",
                        "console-getty.service",
                        "getty.target")) {
            Path mask = root.resolve("etc/systemd/system/" + unit);
            Files.deleteIfExists(mask);
            Files.createSymbolicLink(mask, Path.of("/dev/null"));
        }
        return root;
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 500));
    }

    private void install() throws Exception {
        try (DirectoryStream<Path> units = Files.newDirectoryStream(Path.of("deploy/systemd"))) {
            for (Path unit : units) {
                Files.copy(unit, path("/etc/systemd/system/" + unit.getFileName()));
            }
        }
        run("install", "-d", "-m", "0755", "/etc/hearth");
        run("install", "-d", "-m", "0700", "/etc/hearth/credentials");
        run("systemctl", "daemon-reload");
    }

    /// A path inside, as this process reaches it; sockets as well.
    public Path path(String inside) {
        return Path.of("/proc/" + leader.pid() + "/root" + inside);
    }

    /// Adds to a unit, as `systemctl edit` does.
    public void edit(String unit, String text) throws Exception {
        Path file = path("/etc/systemd/system/" + unit + ".d/test.conf");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        run("systemctl", "daemon-reload");
    }

    /// How a command ended, and what it printed.
    public record Result(int exitCode, String output) {}

    /// Runs a command inside.
    public Result run(String... command) throws IOException, InterruptedException {
        List<String> whole =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "-t",
                                Long.toString(leader.pid()),
                                "-m",
                                "-u",
                                "-i",
                                "-n",
                                "-p",
                                "-C",
                                "-r",
                                "-w",
                                "--",
                                "env",
                                "-i",
                                PATH));
        whole.addAll(List.of(command));
        try (ChildProcess child = ChildProcess.start("inside", folder, Map.of(), whole)) {
            int code = child.awaitExit();
            return new Result(code, child.output());
        }
    }

    /// A property of a unit, such as `ActiveState`.
    public String property(String unit, String name) throws IOException, InterruptedException {
        return run("systemctl", "show", "--value", "-p", name, unit).output().strip();
    }

    /// Where the journal ends now.
    public String cursor() throws IOException, InterruptedException {
        String output = run("journalctl", "-n", "0", "--show-cursor").output();
        return output.substring(output.indexOf("cursor: ") + "cursor: ".length()).strip();
    }

    /// What a unit has logged since then.
    public String journal(String unit, String cursor) throws IOException, InterruptedException {
        return run("journalctl", "--no-pager", "--after-cursor=" + cursor, "-u", unit).output();
    }

    /// Powers it off.
    @Override
    public void close() throws Exception {
        new ProcessBuilder("kill", "-s", "RTMIN+4", Long.toString(leader.pid())).start().waitFor();
        leader.onExit().get(60, TimeUnit.SECONDS);
        machine.awaitExit();
        machine.close();
    }
}
