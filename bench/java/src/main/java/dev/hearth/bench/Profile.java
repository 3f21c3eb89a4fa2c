package dev.hearth.bench;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;

import dev.hearth.bench.Behind.Running;
import dev.hearth.bench.Suite.Subject;
import dev.hearth.bench.host.ServerProcess;
import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Orders;
import dev.hearth.bench.load.Plan;
import dev.hearth.bench.load.Plan.Client;
import dev.hearth.bench.load.SignedEvents;
import dev.hearth.bench.peer.Address;
import dev.hearth.bench.peer.PaymentPeers;
import dev.hearth.bench.peer.Peer;
import dev.hearth.bench.peer.Peers;
import dev.hearth.bench.peer.Postgres;
import dev.hearth.bench.peer.Shop;
import dev.hearth.bench.peer.WebhookPeers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/// Flame graphs of Hearth behind nginx at work, by async-profiler, which is loaded into the running server.
public final class Profile {

    private static final int CONNECTIONS = 32;

    private final Suite suite;
    private final String library;

    private Profile(Suite suite) throws IOException {
        this.suite = suite;
        this.library = library(suite.shop).toString();
    }

    static void main(String[] args) throws IOException, InterruptedException {
        Shop shop = Shop.fromProperties();
        Options options = Options.parse(args, shop.home());
        Files.createDirectories(options.out());
        try (Suite suite = new Suite("profile", options.forAll(), shop)) {
            Profile profile = new Profile(suite);
            if (options.wants("hello")) {
                profile.hello();
            }
            if (options.wants("webhook")) {
                profile.webhook();
            }
            if (options.wants("payment")) {
                profile.payment();
            }
        }
    }

    private void hello() throws IOException, InterruptedException {
        try (Suite.Group _ = suite.group()) {
            Peer hearth = Peers.behindFront(suite.shop).getFirst();
            Behind behind = Behind.start(suite, "", List.of(hearth));
            for (Running peer : behind.running()) {
                Call hello = Behind.get("/hello", EngineBench.HELLO);
                Subject subject = behind.subject(peer, Call.Source.repeating(hello));
                picture("flame-hello-saturated", subject, closed());
                picture("flame-hello-4000", subject, open(4000));
            }
        }
    }

    private void webhook() throws IOException, InterruptedException {
        String secret = WebhookBench.newSecret();
        try (Suite.Group _ = suite.group();
                Postgres postgres = Postgres.start(suite.shop)) {
            WebhookPeers peers = new WebhookPeers(secret, postgres);
            for (Peer hearth :
                    List.of(
                            peers.onSqlite("hearth-sqlite"),
                            peers.onPostgres("hearth-postgres", "hearth"))) {
                Behind behind = Behind.start(suite, "", List.of(hearth));
                for (Running peer : behind.running()) {
                    SignedEvents events = new SignedEvents("/webhooks/stripe", secret, peer.name());
                    String name = "flame-webhook-" + peer.name().replace("hearth-", "");
                    picture(name, behind.subject(peer, events), closed());
                }
            }
        }
    }

    private void payment() throws IOException, InterruptedException {
        String key = WebhookBench.newSecret();
        try (Suite.Group _ = suite.group()) {
            Address address = Address.freePort();
            Optional<ServerProcess> stripe =
                    suite.start(
                            "stripe",
                            () -> PaymentPeers.stripe(suite.shop, "stripe", address, 0),
                            () -> Behind.listening(address));
            if (stripe.isPresent()) {
                Peer hearth = new PaymentPeers(key).hearth("hearth-payments", address);
                Behind behind = Behind.start(suite, "", List.of(hearth));
                for (Running peer : behind.running()) {
                    Orders orders = new Orders("/payments/intents", key, "profile");
                    picture("flame-payment", behind.subject(peer, orders), closed());
                }
            }
        }
    }

    private Plan closed() {
        return new Plan.Closed(
                CONNECTIONS, Client.EVENT_LOOP, suite.options.warmUp(), suite.options.measured());
    }

    private Plan open(int perSecond) {
        return new Plan.Open(
                CONNECTIONS, perSecond, suite.options.warmUp(), suite.options.measured());
    }

    /// Settles the server, then looks at it under the load; warm-up of the load included.
    private void picture(String name, Subject subject, Plan plan)
            throws IOException, InterruptedException {
        if (suite.checked(List.of(subject)).isEmpty()) {
            return;
        }
        suite.settle(subject, CONNECTIONS);
        long pid = subject.server().pid();
        Path out = suite.options.out();
        agent(pid, "start,event=cpu,interval=1ms,threads=false");
        suite.sample(subject, "profile", name, plan, 1);
        agent(pid, "dump,collapsed,file=" + out.resolve(name + ".collapsed.txt"));
        agent(pid, "stop,flamegraph,title=" + name + ",file=" + out.resolve(name + ".html"));
        Suite.progress("profile: " + out.resolve(name + ".html"));
    }

    private void agent(long pid, String command) throws IOException {
        VirtualMachine server;
        try {
            server = VirtualMachine.attach(Long.toString(pid));
        } catch (AttachNotSupportedException refused) {
            throw new IOException("cannot attach to " + pid, refused);
        }
        try {
            server.loadAgentPath(library, command);
        } catch (AgentLoadException | AgentInitializationException refused) {
            throw new IOException("async-profiler refused '" + command + "'", refused);
        } finally {
            server.detach();
        }
    }

    /// The native part for this machine, taken out of the library's jar.
    private static Path library(Shop shop) throws IOException {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        String inside = "/linux-" + machine + "/libasyncProfiler.so";
        Path file = shop.made("libasyncProfiler.so");
        try (InputStream content = Profile.class.getResourceAsStream(inside)) {
            if (content == null) {
                throw new IOException("async-profiler has nothing for linux-" + machine);
            }
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
