package dev.hearth.bench.load;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Many connections that have each carried one request and are now kept, doing nothing.
public final class Idle implements AutoCloseable {

    private final List<SocketChannel> channels = new ArrayList<>();

    private Idle() {}

    /// Opens this many; each has had its right answer when this returns.
    public static Idle open(Target target, Call call, int count) throws IOException {
        Idle idle = new Idle();
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = target.connect();
                idle.channels.add(channel);
                Once.ask(channel, target, call);
            }
        } catch (IOException refused) {
            idle.close();
            throw refused;
        }
        return idle;
    }

    public int count() {
        return channels.size();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
