package dev.hearth.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Many connections that have each sent half of a request, and send no more: slow clients, as a server meets them behind
/// a front that does not buffer. A server that gives each connection a thread or a process has none left.
public final class HalfSent implements AutoCloseable {

    private final List<SocketChannel> channels = new ArrayList<>();

    private HalfSent() {}

    /// Opens this many.
    public static HalfSent open(Target target, Call call, int count) throws IOException {
        HalfSent halfSent = new HalfSent();
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = target.connect();
                halfSent.channels.add(channel);
                ByteBuffer half = call.wire().duplicate();
                half.limit(half.limit() / 2);
                while (half.hasRemaining()) {
                    channel.write(half);
                }
            }
        } catch (IOException refused) {
            halfSent.close();
            throw refused;
        }
        return halfSent;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
