package dev.hearth.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// One request on a connection of its own: to see whether a server is there and answers rightly.
public final class Once {

    private Once() {}

    /// @throws IOException if there is no answer, or a wrong one
    public static void ask(Target target, Call call) throws IOException {
        try (SocketChannel channel = target.connect()) {
            ask(channel, target, call);
        }
    }

    static void ask(SocketChannel channel, Target target, Call call) throws IOException {
        try {
            Reply reply = target.reply();
            reply.begin(call.expected());
            ByteBuffer out = call.wire().duplicate();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            ByteBuffer in = ByteBuffer.allocate(64 * 1024);
            boolean complete = false;
            while (!complete) {
                in.clear();
                complete = channel.read(in) < 0 ? reply.closed() : reply.take(in.flip());
            }
        } catch (WrongAnswerException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }
}
