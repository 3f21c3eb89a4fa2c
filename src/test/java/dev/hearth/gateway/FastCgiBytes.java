package dev.hearth.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/// A request of FastCGI as bytes, and what comes back for it.
final class FastCgiBytes {
    private static final int MOST_CONTENT = 65_528;
    private static final int END_REQUEST = 3;

    private FastCgiBytes() {}

    /// A request of a responder, alone on its connection.
    static byte[] responder(byte[] params, String body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        record(all, 1, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
        stream(all, 4, params);
        stream(all, 5, body.getBytes(ISO_8859_1));
        return all.toByteArray();
    }

    private static void stream(ByteArrayOutputStream out, int type, byte[] content) {
        for (int at = 0; at < content.length; at += MOST_CONTENT) {
            int end = Math.min(content.length, at + MOST_CONTENT);
            record(out, type, Arrays.copyOfRange(content, at, end));
        }
        record(out, type, new byte[0]);
    }

    private static void record(ByteArrayOutputStream out, int type, byte[] content) {
        out.writeBytes(new byte[] {1, (byte) type, 0, 1});
        out.writeBytes(new byte[] {(byte) (content.length >> 8), (byte) content.length, 0, 0});
        out.writeBytes(content);
    }

    static void write(SocketChannel channel, byte[] bytes) throws IOException {
        Channels.newOutputStream(channel).write(bytes);
    }

    /// What was sent up to the end of the request. The rest of the request finds the connection closed.
    static String answer(SocketChannel channel) throws IOException {
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        while (true) {
            int type = in.readInt() >> 16 & 0xff;
            byte[] content = new byte[in.readUnsignedShort()];
            int padding = in.readUnsignedShort() >> 8;
            in.readFully(content);
            in.skipNBytes(padding);
            if (type == END_REQUEST) {
                channel.close();
                return stdout.toString(ISO_8859_1);
            }
            stdout.write(content);
        }
    }
}
