package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The other end of a FastCGI connection, byte by byte: what a web server would send, and what none would.
@SuppressWarnings("ArrayRecordComponent") // records of bytes that one test looks at
final class FakeWebServer implements AutoCloseable {

    /// A record as it came: all that can be seen of it.
    record Received(int version, int type, int id, byte[] content, byte[] padding) {
        String text() {
            return new String(content, StandardCharsets.ISO_8859_1);
        }

        int protocolStatus() {
            return content[4] & 0xff;
        }

        int appStatus() {
            return ByteBuffer.wrap(content).getInt();
        }
    }

    /// What one request was answered with.
    record Answer(
            String stdout, byte[] stdoutBytes, String stderr, int appStatus, int protocolStatus) {}

    static final int BEGIN = 1;
    static final int ABORT = 2;
    static final int END = 3;
    static final int PARAMS = 4;
    static final int STDIN = 5;
    static final int STDOUT = 6;
    static final int STDERR = 7;
    static final int DATA = 8;
    static final int GET_VALUES = 9;
    static final int GET_VALUES_RESULT = 10;
    static final int UNKNOWN_TYPE = 11;

    private final SocketChannel channel;
    private final OutputStream out;
    private final DataInputStream in;

    private FakeWebServer(SocketChannel channel) {
        this.channel = channel;
        this.out = Channels.newOutputStream(channel);
        this.in = new DataInputStream(Channels.newInputStream(channel));
    }

    static FakeWebServer connect(SocketAddress address) throws IOException {
        return new FakeWebServer(SocketChannel.open(address));
    }

    /// One record, with as much padding as asked for.
    static byte[] record(int type, int id, byte[] content, int padding) {
        byte[] record = new byte[8 + content.length + padding];
        record[0] = 1;
        record[1] = (byte) type;
        record[2] = (byte) (id >> 8);
        record[3] = (byte) id;
        record[4] = (byte) (content.length >> 8);
        record[5] = (byte) content.length;
        record[6] = (byte) padding;
        System.arraycopy(content, 0, record, 8, content.length);
        return record;
    }

    static byte[] beginBody(int role, int flags) {
        return new byte[] {(byte) (role >> 8), (byte) role, (byte) flags, 0, 0, 0, 0, 0};
    }

    static byte[] pairs(Map<String, String> pairs) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        pairs.forEach((name, value) -> NameValuePairs.encode(encoded, name, value));
        return encoded.toByteArray();
    }

    /// The variables of a request as nginx sends them.
    static Map<String, String> variables(String method, String uri, int contentLength) {
        Map<String, String> variables = new LinkedHashMap<>();
        int question = uri.indexOf('?');
        variables.put("QUERY_STRING", question < 0 ? "" : uri.substring(question + 1));
        variables.put("REQUEST_METHOD", method);
        variables.put("CONTENT_TYPE", "");
        variables.put("CONTENT_LENGTH", contentLength > 0 ? Integer.toString(contentLength) : "");
        variables.put("SCRIPT_NAME", question < 0 ? uri : uri.substring(0, question));
        variables.put("REQUEST_URI", uri);
        variables.put("DOCUMENT_URI", question < 0 ? uri : uri.substring(0, question));
        variables.put("SERVER_PROTOCOL", "HTTP/1.1");
        variables.put("GATEWAY_INTERFACE", "CGI/1.1");
        variables.put("REMOTE_ADDR", "192.0.2.7");
        variables.put("HTTP_HOST", "example.test");
        return variables;
    }

    /// A whole Responder request in one piece.
    static byte[] request(int id, boolean keep, Map<String, String> variables, byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(record(BEGIN, id, beginBody(1, keep ? 1 : 0), 0));
        all.writeBytes(record(PARAMS, id, pairs(variables), 0));
        all.writeBytes(record(PARAMS, id, new byte[0], 0));
        for (int at = 0; at < body.length; at += 0xffff) {
            int length = Math.min(0xffff, body.length - at);
            byte[] part = new byte[length];
            System.arraycopy(body, at, part, 0, length);
            all.writeBytes(record(STDIN, id, part, 0));
        }
        all.writeBytes(record(STDIN, id, new byte[0], 0));
        return all.toByteArray();
    }

    static byte[] get(int id, boolean keep, String uri) {
        return request(id, keep, variables("GET", uri, 0), new byte[0]);
    }

    FakeWebServer send(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    FakeWebServer send(int type, int id, byte[] content) throws IOException {
        return send(record(type, id, content, 0));
    }

    FakeWebServer send(int type, int id, String content) throws IOException {
        return send(type, id, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Every byte in a write of its own.
    FakeWebServer sendByteByByte(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            out.write(b);
        }
        return this;
    }

    /// Asks a management question and wants its answer to be the next that comes: the connection is usable, and
    /// nothing else was on its way.
    boolean isQuietAndUsable() throws IOException {
        return send(GET_VALUES, 0, "").next().type() == GET_VALUES_RESULT;
    }

    FakeWebServer begin(int id, int role, int flags) throws IOException {
        return send(BEGIN, id, beginBody(role, flags));
    }

    FakeWebServer begin(int id, boolean keep) throws IOException {
        return send(BEGIN, id, beginBody(1, keep ? 1 : 0));
    }

    /// The next record; waits for it.
    Received next() throws IOException {
        int version = in.readUnsignedByte();
        try {
            return restOfRecord(version);
        } catch (EOFException cut) {
            throw new IOException("the connection ended inside a record", cut);
        }
    }

    private Received restOfRecord(int version) throws IOException {
        int type = in.readUnsignedByte();
        int id = in.readUnsignedShort();
        byte[] content = new byte[in.readUnsignedShort()];
        byte[] padding = new byte[in.readUnsignedByte()];
        in.readUnsignedByte();
        in.readFully(content);
        in.readFully(padding);
        return new Received(version, type, id, content, padding);
    }

    /// Whether no byte has come by now, nor the end. A byte that has come is lost.
    boolean hasReceivedNothing() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    /// Whether the server has closed: waits for a byte or the end.
    boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    /// Reads until the end of this request; records of others are not expected.
    Answer answer(int id) throws IOException {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        while (true) {
            Received record = next();
            if (record.id() != id) {
                throw new IOException(
                        "a record of request %d, wanted %d".formatted(record.id(), id));
            }
            switch (record.type()) {
                case STDOUT -> stdout.writeBytes(record.content());
                case STDERR -> stderr.writeBytes(record.content());
                case END -> {
                    return new Answer(
                            stdout.toString(StandardCharsets.ISO_8859_1),
                            stdout.toByteArray(),
                            stderr.toString(StandardCharsets.ISO_8859_1),
                            record.appStatus(),
                            record.protocolStatus());
                }
                default -> throw new IOException("unexpected record of type " + record.type());
            }
        }
    }

    /// Every record up to the end of this request.
    List<Received> recordsOf(int id) throws IOException {
        List<Received> records = new ArrayList<>();
        Received record;
        do {
            record = next();
            records.add(record);
        } while (record.type() != END || record.id() != id);
        return records;
    }

    /// Every record until the server closes.
    List<Received> recordsUntilClosed() throws IOException {
        List<Received> records = new ArrayList<>();
        try {
            while (true) {
                records.add(next());
            }
        } catch (EOFException closed) {
            return records;
        }
    }

    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    InputStream raw() {
        return in;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
