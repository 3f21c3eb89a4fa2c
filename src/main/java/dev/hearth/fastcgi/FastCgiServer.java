package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A running FastCGI application server.
///
/// Stop it in this order: [#stopAccepting], [#drain], [#giveUp] where that took too long, [#close]. Safe for many threads.
public final class FastCgiServer implements AutoCloseable {
    private static final System.Logger log = EngineLog.get();
    // How long answers to requests that are given up may take to leave.
    private static final long LAST_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final FastCgiHandler handler;
    private final Limits limits;
    private final PeerPolicy peers;
    private final List<ServerSocketChannel> listeners;
    private final Counters counters = new Counters();
    private final FaultLog faults = new FaultLog();
    private final SlowPaths slowPaths = new SlowPaths();
    private final Workers workers = new Workers(Duration.ofSeconds(30));
    private final Admission admission;
    private final List<Loop> loops = new ArrayList<>();
    private final List<Acceptor> acceptors = new CopyOnWriteArrayList<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connectionCount = new AtomicInteger();
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final PeerCheck peerCheck = new PeerCheck();
    private final Ticker ticker;
    private volatile boolean stopping;

    private FastCgiServer(
            List<ServerSocketChannel> listeners,
            FastCgiHandler handler,
            Limits limits,
            PeerPolicy peers)
            throws IOException {
        this.listeners = new CopyOnWriteArrayList<>(listeners);
        this.handler = handler;
        this.limits = limits;
        this.peers = peers;
        this.admission = new Admission(limits, workers);
        int number =
                limits.loops() > 0
                        ? limits.loops()
                        : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        for (int i = 0; i < number; i++) {
            loops.add(new Loop(workers, admission));
        }
        this.ticker = new Ticker(this, loops);
    }

    /// Serves the connections that these bound listeners accept, from anyone who can reach them.
    ///
    /// The listeners become non-blocking and are closed with the server.
    ///
    /// @throws IllegalArgumentException if a listener is on TCP and not on loopback: name its peers with a
    ///     [PeerPolicy]
    public static FastCgiServer start(
            List<ServerSocketChannel> listeners, FastCgiHandler handler, Limits limits)
            throws IOException {
        return start(listeners, handler, limits, PeerPolicy.ANYONE);
    }

    /// Serves the connections of those peers that the policy admits.
    ///
    /// @throws IllegalArgumentException if a listener is on TCP, not on loopback, and the policy names no
    ///     addresses
    public static FastCgiServer start(
            List<ServerSocketChannel> listeners,
            FastCgiHandler handler,
            Limits limits,
            PeerPolicy peers)
            throws IOException {
        for (ServerSocketChannel listener : listeners) {
            requireGuarded(listener.getLocalAddress(), peers);
        }
        FastCgiServer server = new FastCgiServer(listeners, handler, limits, peers);
        server.run();
        return server;
    }

    private static void requireGuarded(SocketAddress local, PeerPolicy peers) {
        if (local instanceof InetSocketAddress inet
                && !inet.getAddress().isLoopbackAddress()
                && !peers.limitsAddresses()) {
            throw new IllegalArgumentException(
                    "%s is not on loopback: whoever reaches it could send any request as if the web server had; name the web servers that may connect"
                            .formatted(local));
        }
    }

    private void run() throws IOException {
        for (ServerSocketChannel listener : listeners) {
            Acceptor acceptor = new Acceptor(this, listener, loops.getFirst());
            acceptor.open();
            acceptors.add(acceptor);
        }
        for (Loop loop : loops) {
            Worker worker = workers.reserve();
            if (worker == null) {
                throw new IOException("the system gives no thread to serve with");
            }
            worker.assign(loop);
        }
        ticker.start();
    }

    // --- for the parts of the server ---

    FastCgiHandler handler() {
        return handler;
    }

    /// What this server was started with.
    public Limits limits() {
        return limits;
    }

    PeerPolicy peers() {
        return peers;
    }

    Counters counters() {
        return counters;
    }

    FaultLog faults() {
        return faults;
    }

    SlowPaths slowPaths() {
        return slowPaths;
    }

    Admission admission() {
        return admission;
    }

    PeerCheck peerCheck() {
        return peerCheck;
    }

    boolean isFull() {
        return connectionCount.get() >= limits.connections();
    }

    boolean isStopping() {
        return stopping;
    }

    /// Takes a new connection in. Called by a loop, which reads it itself or passes it on.
    void open(SocketChannel channel, Loop acceptedBy) throws IOException {
        Loop loop = loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
        Connection connection = new Connection(this, loop, channel, name(channel));
        counters.accepted();
        connections.add(connection);
        connectionCount.incrementAndGet();
        if (loop == acceptedBy) {
            connection.open();
        } else {
            loop.execute(connection::open);
        }
    }

    private static String name(SocketChannel channel) throws IOException {
        SocketAddress remote = channel.getRemoteAddress();
        return remote instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : remote.toString().isEmpty() ? "a unix socket" : "unix:" + remote;
    }

    void closed(Connection connection) {
        if (connections.remove(connection)) {
            connectionCount.decrementAndGet();
        }
    }

    /// The values that a web server asks for (FastCGI 1.0 section 4.1), each once; names not known are left out.
    Map<String, String> values(NameValuePairs asked) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            switch (asked.name(i)) {
                case "FCGI_MAX_CONNS" ->
                        values.put("FCGI_MAX_CONNS", Integer.toString(limits.connections()));
                case "FCGI_MAX_REQS" ->
                        values.put("FCGI_MAX_REQS", Integer.toString(limits.requestsAtOnce()));
                case "FCGI_MPXS_CONNS" ->
                        values.put("FCGI_MPXS_CONNS", limits.multiplexing() ? "1" : "0");
                default -> {
                    // Section 4.1: a name that is not known is left out of the answer.
                }
            }
        }
        return values;
    }

    /// Called by the Ticker, several times a second.
    void expire(long now) {
        for (Connection connection : connections) {
            connection.expire(now);
        }
        if (!isFull()) {
            for (Acceptor acceptor : acceptors) {
                if (acceptor.isPaused()) {
                    acceptor.loop().execute(acceptor::resume);
                }
            }
        }
    }

    // --- for its owner ---

    /// What the server is doing and has done.
    public Statistics statistics() {
        return counters.snapshot(
                connectionCount.get(), admission.running(), admission.waiting(), workers.count());
    }

    /// Tries whether connections are looked after: each loop has to do something small within the time. Not
    /// whether handlers are quick.
    public boolean isResponsive(Duration atMost) throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(loops.size());
        loops.forEach(loop -> loop.execute(answered::countDown));
        return answered.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// The variables of the requests that have begun and not ended.
    public List<NameValuePairs> inProgress() {
        return connections.stream().flatMap(connection -> connection.inProgress()).toList();
    }

    /// Accepts what comes to another bound listener in the place of one of these, whose own last connections are taken
    /// before it is closed.
    ///
    /// @return false, with nothing changed, if no more connections are accepted
    public boolean replace(ServerSocketChannel lost, ServerSocketChannel fresh) throws IOException {
        synchronized (acceptors) {
            if (stopping) {
                return false;
            }
            Acceptor next = new Acceptor(this, fresh, loops.getFirst());
            next.open();
            next.loop().wakeup();
            listeners.add(fresh);
            acceptors.add(next);
            List<Acceptor> over =
                    acceptors.stream().filter(acceptor -> acceptor.accepts(lost)).toList();
            acceptors.removeAll(over);
            over.forEach(acceptor -> acceptor.loop().execute(acceptor::finish));
            listeners.remove(lost);
            return true;
        }
    }

    /// Accepts no more connections, and closes each that is open once its requests are answered.
    public void stopAccepting() {
        synchronized (acceptors) {
            if (stopping) {
                return;
            }
            stopping = true;
            for (Acceptor acceptor : acceptors) {
                acceptor.loop().execute(acceptor::finish);
            }
        }
        closeIdle();
    }

    /// Has each loop close its idle connections once it has read what has arrived by now.
    private void closeIdle() {
        for (Connection connection : connections) {
            connection.loop().execute(connection::closeIfIdle);
        }
    }

    /// Waits until every request under way is answered and every handler has returned.
    ///
    /// @return whether all ended within the grace time
    public boolean drain(Duration grace) throws InterruptedException {
        long deadline = System.nanoTime() + grace.toNanos();
        while (true) {
            boolean idle = admission.running() == 0 && admission.waiting() == 0;
            if (idle && (!stopping || connections.isEmpty())) {
                return true;
            }
            if (System.nanoTime() - deadline >= 0) {
                return idle;
            }
            TimeUnit.MILLISECONDS.sleep(10);
            if (stopping) {
                closeIdle();
            }
        }
    }

    /// Waits no longer for what is under way: handlers are interrupted, and their clients told 503, or the response that
    /// has begun is visibly cut. Returns when that has left, or a moment later. To be called before [#close], which
    /// gives nobody an answer.
    public void giveUp() throws InterruptedException {
        connections.forEach(Connection::answerForStop);
        long deadline = System.nanoTime() + LAST_WORDS_NANOS;
        while (!connections.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
            closeIdle();
        }
    }

    /// Ends everything now: what is under way is aborted. Twice is harmless.
    @Override
    public void close() {
        synchronized (acceptors) {
            stopping = true;
        }
        for (ServerSocketChannel listener : listeners) {
            try {
                Listener.end(listener);
            } catch (IOException stillOpen) {
                log.log(Level.WARNING, "a listener could not be closed", stillOpen);
            }
        }
        for (Connection connection : connections) {
            connection.close("the server has stopped");
        }
        ticker.end();
        peerCheck.close();
        loops.forEach(Loop::stop);
        stopped.countDown();
    }

    /// Waits until the server is closed.
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }
}
