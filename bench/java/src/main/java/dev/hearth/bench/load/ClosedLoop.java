package dev.hearth.bench.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/// One connection on one blocking platform thread: one write and one read per small request, no selector between.
final class ClosedLoop implements Runnable {

    private static final long PAUSE_AFTER_FAILURE = 1_000_000;

    private final Target target;
    private final Call.Source calls;
    private final Load.Switch window;
    private final Tally tally;
    private final Reply reply;
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
    private @Nullable SocketChannel channel;

    ClosedLoop(Target target, Call.Source calls, Load.Switch window, Tally tally) {
        this.target = target;
        this.calls = calls;
        this.window = window;
        this.tally = tally;
        this.reply = target.reply();
    }

    @Override
    public void run() {
        while (!window.stopped) {
            Call call = calls.next();
            long began = System.nanoTime();
            try {
                exchange(call);
            } catch (IOException | WrongAnswerException failure) {
                tally.failed(failure);
                close();
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
                continue;
            }
            tally.answered();
            if (window.measuring) {
                tally.latency.recordValue(System.nanoTime() - began);
            }
            if (!target.keep()) {
                close();
            }
        }
        close();
    }

    private void exchange(Call call) throws IOException, WrongAnswerException {
        SocketChannel open = channel;
        if (open == null) {
            open = target.connect();
            channel = open;
        }
        reply.begin(call.expected());
        ByteBuffer out = call.wire().duplicate();
        while (out.hasRemaining()) {
            open.write(out);
        }
        boolean complete = false;
        while (!complete) {
            in.clear();
            complete = open.read(in) < 0 ? reply.closed() : reply.take(in.flip());
        }
    }

    private void close() {
        SocketChannel open = channel;
        channel = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException alreadyLost) {
            tally.failed(alreadyLost);
        }
    }
}
