package dev.hearth.bench.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/// Many connections on one thread, as a worker of nginx drives them.
///
/// At a fixed rate it spins on the clock and on a selector, so no timer and no wake-up of its own stands between the
/// intended and the true start; what lag remains is reported. The price is one core. Where the plan asks for it, it
/// sleeps until the next request is due: the kernel wakes it some 50 µs late, and answers wait as long. A request that finds no
/// free connection waits, and its wait counts: latency runs from the intended start. Without a rate each connection
/// begins anew as soon as it is free, and the thread sleeps in the selector.
final class EventLoop implements Runnable {

    // Milliseconds after which a sleeping thread looks whether it is to stop.
    private static final long LONGEST_SLEEP = 100;

    // Nanoseconds of a sleep between two requests: an answer may come at any time, and frees a connection.
    private static final long SHORTEST_SLEEP = 10_000;
    private static final long LONGEST_PARK = 200_000;

    // Nanoseconds to wait for the last answers.
    private static final long LONGEST_FINISH = 5_000_000_000L;

    private final Target target;
    private final Call.Source calls;
    private final Load.Switch window;
    private final Tally tally;
    private final Selector selector;
    private final Deque<Connection> free = new ArrayDeque<>();
    private final boolean inTurn;
    private final boolean sleeping;
    private final int connections;
    private final double interval;
    private long freeSince;

    private EventLoop(
            Target target,
            Call.Source calls,
            int connections,
            double interval,
            boolean inTurn,
            boolean sleeping,
            Load.Switch window,
            Tally tally,
            Selector selector) {
        this.target = target;
        this.calls = calls;
        this.window = window;
        this.tally = tally;
        this.selector = selector;
        this.interval = interval;
        this.connections = connections;
        this.inTurn = inTurn;
        this.sleeping = sleeping;
        for (int i = 0; i < connections; i++) {
            free.push(new Connection());
        }
    }

    /// Begins requests at a fixed rate.
    static EventLoop atRate(
            Target target, Call.Source calls, Plan.Open plan, Load.Switch window, Tally tally)
            throws IOException {
        double interval = 1e9 / plan.perSecond();
        return new EventLoop(
                target,
                calls,
                plan.connections(),
                interval,
                plan.inTurn(),
                plan.sleeping(),
                window,
                tally,
                Selector.open());
    }

    /// Begins a request whenever a connection is free.
    static EventLoop saturating(
            Target target, Call.Source calls, int connections, Load.Switch window, Tally tally)
            throws IOException {
        return new EventLoop(target, calls, connections, 0, false, false, window, tally, Selector.open());
    }

    @Override
    public void run() {
        long origin = System.nanoTime();
        freeSince = origin;
        long begun = 0;
        try (selector) {
            while (!window.stopped) {
                if (interval == 0) {
                    while (!free.isEmpty() && !window.stopped) {
                        free.pop().begin(System.nanoTime());
                    }
                    selector.select(EventLoop::ready, LONGEST_SLEEP);
                    continue;
                }
                long intended = origin + (long) (begun * interval);
                long early = intended - System.nanoTime();
                if (early <= 0 && !free.isEmpty()) {
                    free.pop().begin(intended);
                    begun++;
                } else if (sleeping) {
                    LockSupport.parkNanos(Math.clamp(early, SHORTEST_SLEEP, LONGEST_PARK));
                }
                selector.selectNow(EventLoop::ready);
            }
            finish();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException lost) {
            tally.failed(lost);
        }
    }

    /// Takes the answers that are still on their way: a client that leaves is another matter than one that is served.
    private void finish() throws IOException {
        long end = System.nanoTime() + LONGEST_FINISH;
        while (free.size() < connections && System.nanoTime() < end) {
            selector.select(EventLoop::ready, LONGEST_SLEEP);
        }
    }

    private void release(Connection connection) {
        if (free.isEmpty()) {
            freeSince = System.nanoTime();
        }
        if (inTurn) {
            free.addLast(connection);
        } else {
            free.push(connection);
        }
    }

    private static void ready(SelectionKey key) {
        ((Connection) key.attachment()).ready();
    }

    /// One connection and the request that it carries now.
    private final class Connection {

        private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
        private final Reply reply = target.reply();
        private ByteBuffer out = ByteBuffer.allocate(0);
        private @Nullable SocketChannel channel;
        private @Nullable SelectionKey key;
        private long intended;

        void begin(long intendedStart) {
            intended = intendedStart;
            Call call = calls.next();
            try {
                SocketChannel open = channel == null ? connect() : channel;
                reply.begin(call.expected());
                out = call.wire().duplicate();
                // What waited for a free connection is the server's delay, not the generator's.
                long lag = System.nanoTime() - Math.max(intended, freeSince);
                write(open);
                if (window.measuring) {
                    tally.lag.recordValue(Math.max(0, lag));
                }
            } catch (IOException failure) {
                fail(failure);
            }
        }

        private SocketChannel connect() throws IOException {
            SocketChannel open = target.connect();
            channel = open;
            open.configureBlocking(false);
            key = open.register(selector, SelectionKey.OP_READ, this);
            return open;
        }

        private void write(SocketChannel open) throws IOException {
            open.write(out);
            SelectionKey registered = key;
            if (registered != null) {
                int wanted =
                        SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
                if (registered.interestOps() != wanted) {
                    registered.interestOps(wanted);
                }
            }
        }

        void ready() {
            SocketChannel open = channel;
            if (open == null) {
                return;
            }
            try {
                if (out.hasRemaining()) {
                    write(open);
                }
                in.clear();
                int count = open.read(in);
                if (count != 0 && (count < 0 ? reply.closed() : reply.take(in.flip()))) {
                    tally.answered();
                    if (window.measuring) {
                        tally.latency.recordValue(System.nanoTime() - intended);
                    }
                    if (!target.keep() || count < 0) {
                        close();
                    }
                    release(this);
                }
            } catch (IOException | WrongAnswerException failure) {
                fail(failure);
            }
        }

        private void fail(Exception failure) {
            tally.failed(failure);
            try {
                close();
            } catch (IOException alsoFailed) {
                tally.failed(alsoFailed);
            }
            release(this);
        }

        private void close() throws IOException {
            SocketChannel open = channel;
            channel = null;
            key = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
