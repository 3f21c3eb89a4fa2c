package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.fastcgi.wire.RecordEncoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecordSinkTest {
    private SocketChannel channel;
    private SocketChannel peer;
    private RecordSink sink;
    private boolean owesRecords = true;

    /// A connection with a request under way, or with none.
    private final class Owner implements RecordSink.Owner {
        @Override
        public void awaitWritable() {
            throw new AssertionError("a few bytes always fit");
        }

        @Override
        public void ended(Exchange exchange) {
            throw new AssertionError("no request");
        }

        @Override
        public void broken(String why) {
            throw new AssertionError(why);
        }

        @Override
        public boolean owesRecords() {
            return owesRecords;
        }
    }

    @BeforeEach
    void connect() throws IOException {
        try (var listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = SocketChannel.open(listener.getLocalAddress());
            channel = listener.accept();
        }
        channel.configureBlocking(false);
        sink = new RecordSink(channel, new Owner(), TimeUnit.SECONDS.toNanos(20));
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        peer.close();
    }

    private byte[] received(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            assertThat(peer.read(bytes)).isPositive();
        }
        return bytes.array();
    }

    @Test
    void a_probe_is_the_first_byte_of_the_next_record() throws IOException { // F6, F10
        sink.probe();
        assertThat(received(1)).containsExactly(1);
        sink.probe(); // that byte is on its way already
        sink.post(null, RecordEncoder.unknownType(77), false);
        sink.post(null, RecordEncoder.unknownType(78), false);
        assertThat(received(31))
                .startsWith(11, 0, 0, 0, 8, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0)
                .endsWith(1, 11, 0, 0, 0, 8, 0, 0, 78, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void nothing_follows_the_end_of_the_last_request() throws IOException { // F30, I4
        owesRecords = false;
        sink.probe();
        sink.post(null, RecordEncoder.unknownType(77), false);
        assertThat(received(2)).containsExactly(1, 11);
    }
}
