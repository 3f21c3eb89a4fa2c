package dev.hearth.fastcgi.wire;

import dev.hearth.fastcgi.wire.FastCgiRecord.AbortRequest;
import dev.hearth.fastcgi.wire.FastCgiRecord.BeginRequest;
import dev.hearth.fastcgi.wire.FastCgiRecord.Data;
import dev.hearth.fastcgi.wire.FastCgiRecord.GetValues;
import dev.hearth.fastcgi.wire.FastCgiRecord.Incomplete;
import dev.hearth.fastcgi.wire.FastCgiRecord.Params;
import dev.hearth.fastcgi.wire.FastCgiRecord.Stdin;
import dev.hearth.fastcgi.wire.FastCgiRecord.UnknownManagement;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Bytes for the decoder, and what it made of them.
final class Wire {
    private Wire() {}

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static byte[] record(int type, int id, byte[] content, int padding) {
        byte[] record = new byte[8 + content.length + padding];
        ByteBuffer out = ByteBuffer.wrap(record);
        out.put((byte) 1).put((byte) type).putShort((short) id).putShort((short) content.length);
        out.put((byte) padding).put((byte) 0).put(content);
        for (int i = 0; i < padding; i++) {
            out.put((byte) 0xee); // padding means nothing, whatever stands in it
        }
        return record;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /// What the decoder says of bytes that come in these pieces. Pieces of one stream are joined: where a
    /// stream is divided means nothing.
    static List<String> decode(RecordDecoder decoder, byte[]... pieces) throws ProtocolException {
        List<String> said = new ArrayList<>();
        for (byte[] piece : pieces) {
            ByteBuffer in = ByteBuffer.wrap(piece);
            FastCgiRecord next = decoder.next(in);
            while (!(next instanceof Incomplete)) {
                say(next, said);
                next = decoder.next(in);
            }
        }
        return said;
    }

    private static void say(FastCgiRecord record, List<String> said) {
        switch (record) {
            case BeginRequest(int id, int role, boolean keep) ->
                    said.add("begin %d role %d%s".formatted(id, role, keep ? " keep" : ""));
            case AbortRequest(int id) -> said.add("abort " + id);
            case Params(int id, ByteBuffer content) -> stream("params " + id, content, said);
            case Stdin(int id, ByteBuffer content) -> stream("stdin " + id, content, said);
            case Data(int id, ByteBuffer content) -> stream("data " + id, content, said);
            case GetValues(ByteBuffer content) -> said.add("get values " + text(content));
            case UnknownManagement(int type) -> said.add("unknown " + type);
            case Incomplete _ -> throw new AssertionError("not a record");
        }
    }

    private static void stream(String name, ByteBuffer content, List<String> said) {
        String start = name + ": ";
        if (!content.hasRemaining()) {
            said.add(name + " ends");
        } else if (!said.isEmpty() && said.getLast().startsWith(start)) {
            said.add(said.removeLast() + text(content));
        } else {
            said.add(start + text(content));
        }
    }

    private static String text(ByteBuffer content) {
        return StandardCharsets.ISO_8859_1.decode(content).toString();
    }
}
