package dev.hearth.fastcgi;

import static dev.hearth.fastcgi.FakeWebServer.END;
import static dev.hearth.fastcgi.FakeWebServer.PARAMS;
import static dev.hearth.fastcgi.FakeWebServer.STDIN;
import static dev.hearth.fastcgi.FakeWebServer.get;
import static dev.hearth.fastcgi.FakeWebServer.pairs;
import static dev.hearth.fastcgi.FakeWebServer.request;
import static dev.hearth.fastcgi.FakeWebServer.variables;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.FakeWebServer.Received;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a process must survive, with little memory and few descriptors.
@Timeout(180)
class FaultsIT {
    // Of the young and the old generation; not of classes.
    private static final Pattern USED =
            Pattern.compile("(?:DefNew|Tenured) +total [0-9]+K, used ([0-9]+)K");

    // What an idle connection may hold.
    private static final int IDLE_BYTES = 2_048;

    @TempDir Path folder;

    private HearthProcess start(String... jvmFlags) throws IOException {
        return HearthProcess.in(folder).program(WaitingProgram.class).jvmFlags(jvmFlags).start();
    }

    private static FakeWebServer connect(HearthProcess hearth) throws IOException {
        return FakeWebServer.connect(UnixDomainSocketAddress.of(hearth.socket()));
    }

    private static void hello(FakeWebServer nginx) throws IOException {
        assertThat(nginx.send(get(1, true, "/hello")).answer(1).stdout()).endsWith("Hello!");
    }

    private static void helloOnce(HearthProcess hearth) throws IOException {
        try (var nginx = connect(hearth)) {
            assertThat(nginx.send(get(1, false, "/hello")).answer(1).stdout()).endsWith("Hello!");
            assertThat(nginx.isClosedByServer()).isTrue();
        }
    }

    private static long descriptors(HearthProcess hearth) throws IOException {
        try (var open = Files.list(Path.of("/proc/" + hearth.process().pid() + "/fd"))) {
            return open.count();
        }
    }

    private static long residentMegabytes(HearthProcess hearth) throws IOException {
        String line =
                Files.readAllLines(Path.of("/proc/" + hearth.process().pid() + "/status")).stream()
                        .filter(entry -> entry.startsWith("VmRSS:"))
                        .findFirst()
                        .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
    }

    /// What is alive on the heap, in kilobytes, once all that is not has been collected.
    private static long liveKilobytes(HearthProcess hearth) throws Exception {
        jcmd(hearth, "GC.run");
        Matcher used = USED.matcher(jcmd(hearth, "GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        assertThat(sum).isPositive();
        return sum;
    }

    private static String jcmd(HearthProcess hearth, String command) throws Exception {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(hearth.process().pid()),
                                command)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(output).isZero();
        return output;
    }

    private static void closeAll(List<FakeWebServer> connections) throws IOException {
        for (FakeWebServer connection : connections) {
            connection.close();
        }
    }

    @Test
    void fifty_thousand_requests_leave_nothing_behind() throws Exception { // Faults
        try (HearthProcess hearth = start("-Xmx64m")) {
            long descriptors = 0;
            long memory = 0;
            long live = 0;
            try (var kept = connect(hearth)) {
                for (int i = 0; i < 50_000; i++) {
                    if (i % 10 == 0) {
                        helloOnce(hearth);
                    } else {
                        hello(kept);
                    }
                    if (i == 20_000) {
                        live = liveKilobytes(hearth);
                        descriptors = descriptors(hearth); // with the one that jcmd came by
                        memory = residentMegabytes(hearth);
                    }
                }
                long before = descriptors;
                Await.until("descriptors are as before", () -> descriptors(hearth) <= before);
                assertThat(residentMegabytes(hearth)).isLessThan(memory + 32);
                assertThat(liveKilobytes(hearth)).isLessThan(live + 1_024);
            }
            assertThat(hearth.output()).doesNotContain("WARN", "ERROR", "OutOfMemory");
        }
    }

    @Test
    void five_thousand_idle_connections_cost_little() throws Exception { // T12
        List<FakeWebServer> idle = new ArrayList<>();
        try (HearthProcess hearth = start("-Xmx128m")) {
            for (int i = 0; i < 2_000; i++) {
                helloOnce(hearth);
            }
            long memory = residentMegabytes(hearth);
            long live = liveKilobytes(hearth);
            for (int i = 0; i < 5_000; i++) {
                FakeWebServer kept = connect(hearth);
                idle.add(kept);
                hello(kept);
            }
            assertThat(liveKilobytes(hearth) - live).isLessThan(5_000 * IDLE_BYTES / 1_024);
            assertThat(residentMegabytes(hearth)).isLessThan(memory + 40);
            helloOnce(hearth);
            hello(idle.getFirst());
            hello(idle.getLast());
        } finally {
            closeAll(idle);
        }
    }

    @Test
    void two_hundred_slow_clients_keep_nobody_waiting() throws Exception { // T13, T12
        List<FakeWebServer> slow = new ArrayList<>();
        byte[] upload = request(1, true, variables("POST", "/count", 4), "body".getBytes(US_ASCII));
        int half = upload.length / 2;
        int tail = upload.length - 10; // inside the body
        try (HearthProcess hearth = start("-Xmx64m");
                var quick = connect(hearth)) {
            for (int i = 0; i < 200; i++) {
                FakeWebServer peer = connect(hearth);
                slow.add(peer);
                peer.send(Arrays.copyOf(upload, half));
                hello(quick);
            }
            for (FakeWebServer peer : slow) {
                peer.send(Arrays.copyOfRange(upload, half, tail));
            }
            for (int i = 0; i < 100; i++) {
                helloOnce(hearth);
                hello(quick);
            }
            for (FakeWebServer peer : slow) {
                peer.send(Arrays.copyOfRange(upload, tail, upload.length));
                assertThat(peer.answer(1).stdout()).endsWith("\r\n\r\n4");
            }
        } finally {
            closeAll(slow);
        }
    }

    @Test
    void hundred_megabytes_up_and_down_do_not_stay_in_memory() throws Exception { // T9, T14
        int size = 100_000_000;
        try (HearthProcess hearth =
                        HearthProcess.in(folder)
                                .program(WaitingProgram.class)
                                .environment("HEARTH_LIMITS_BODY", "200MiB")
                                .start();
                var apache = connect(hearth)) {
            upload(apache, 1_000_000);
            download(apache, 1_000_000);
            for (int i = 0; i < 1_000; i++) {
                hello(apache);
            }
            long before = residentMegabytes(hearth);
            upload(apache, size);
            download(apache, size);
            assertThat(residentMegabytes(hearth) - before).isLessThan(32);
        }
    }

    private static void upload(FakeWebServer apache, int size) throws IOException {
        apache.begin(1, true).send(PARAMS, 1, pairs(variables("POST", "/count", size)));
        apache.send(PARAMS, 1, "");
        byte[] piece = new byte[50_000];
        for (int sent = 0; sent < size; sent += piece.length) {
            apache.send(STDIN, 1, piece);
        }
        assertThat(apache.send(STDIN, 1, "").answer(1).stdout()).endsWith("\r\n\r\n" + size);
    }

    private static void download(FakeWebServer apache, int size) throws IOException {
        apache.send(get(1, true, "/bytes?count=" + size));
        long received = 0;
        Received record = apache.next();
        while (record.type() != END) {
            received += record.content().length;
            record = apache.next();
        }
        assertThat(record.appStatus()).isZero();
        assertThat(received).isGreaterThan(size).isLessThan(size + 1_000);
    }

    @Test
    void claims_of_two_gigabytes_cost_nothing() throws Exception { // T2, F18
        byte[] claims =
                ByteBuffer.allocate(16).putInt(-1).putInt(-1).putInt(0xffffff7f).putInt(-1).array();
        List<FakeWebServer> greedy = new ArrayList<>();
        try (HearthProcess hearth = start("-Xmx64m")) {
            for (int i = 0; i < 100; i++) {
                FakeWebServer peer = connect(hearth);
                greedy.add(peer);
                peer.begin(1, true).send(PARAMS, 1, claims);
            }
            helloOnce(hearth);
            for (FakeWebServer peer : greedy) {
                assertThat(peer.send(PARAMS, 1, "").answer(1).stdout()).startsWith("Status: 400 ");
                hello(peer);
            }
            assertThat(hearth.output()).doesNotContain("OutOfMemory");
        } finally {
            closeAll(greedy);
        }
    }

    @Test
    void questions_that_are_announced_and_never_sent_cost_nothing() throws Exception { // T2, F22
        List<FakeWebServer> greedy = new ArrayList<>();
        try (HearthProcess hearth = start("-Xmx64m")) {
            for (int i = 0; i < 2_000; i++) {
                FakeWebServer peer = connect(hearth);
                greedy.add(peer);
                peer.send(new byte[] {1, 9, 0, 0, -1, -1, 0, 0});
            }
            helloOnce(hearth);
            assertThat(hearth.output()).doesNotContain("OutOfMemory");
        } finally {
            closeAll(greedy);
        }
    }

    @Test
    void it_recovers_from_want_of_descriptors() throws Exception { // T17
        List<FakeWebServer> many = new ArrayList<>();
        try (HearthProcess hearth = start()) {
            helloOnce(hearth);
            String most = Long.toString(descriptors(hearth) + 20);
            new ProcessBuilder(
                            "prlimit",
                            "--pid=" + hearth.process().pid(),
                            "--nofile=" + most + ":" + most)
                    .start()
                    .waitFor();
            for (int i = 0; i < 60; i++) {
                many.add(connect(hearth)); // the kernel takes them all
            }
            Await.until(
                    "the want is logged",
                    () -> hearth.output().contains("cannot accept connections for the moment"));
            hello(many.getFirst()); // who is in is served
            closeAll(many.subList(0, 50));
            hello(many.getLast()); // and so is who comes later
            assertThat(hearth.output().split("cannot accept connections", -1)).hasSizeLessThan(10);
        } finally {
            closeAll(many);
        }
    }
}
