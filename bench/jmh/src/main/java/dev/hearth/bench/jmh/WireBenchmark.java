package dev.hearth.bench.jmh;

import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.FastCgiCall;
import dev.hearth.fastcgi.wire.FastCgiRecord;
import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolException;
import dev.hearth.fastcgi.wire.ProtocolStatus;
import dev.hearth.fastcgi.wire.RecordDecoder;
import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.RecordType;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The parser and the writer on what nginx sends for `GET /hello` and what goes back.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WireBenchmark {

    private static final byte[] ANSWER =
            "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 14\r\n\r\nHello, world!\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final Map<String, String> PARAMS =
            FastCgiCall.nginxParams("GET", "/hello", "", "/var/www/html/hello", 0, "");

    private final byte[] pairs = FastCgiCall.pairs(PARAMS);
    private final ByteBuffer request =
            FastCgiCall.of(PARAMS, new byte[0], true, Expectation.of(200)).wire();
    private final ByteBuffer response = ByteBuffer.allocateDirect(64 * 1024);
    private final RecordDecoder decoder = new RecordDecoder();

    /// Records in: BEGIN_REQUEST, PARAMS and its end, the end of STDIN.
    @Benchmark
    public int records() throws ProtocolException {
        ByteBuffer in = request.duplicate();
        int count = 0;
        while (decoder.next(in) != FastCgiRecord.INCOMPLETE) {
            count++;
        }
        return count;
    }

    /// 25 name-value pairs, of which three are looked up.
    @Benchmark
    public int pairsDecodedAndThreeAsked() throws ProtocolException {
        NameValuePairs decoded = NameValuePairs.decode(pairs, pairs.length, 1000);
        return decoded.getOrEmpty("REQUEST_METHOD").length()
                + decoded.getOrEmpty("REQUEST_URI").length()
                + decoded.getOrEmpty("CONTENT_LENGTH").length();
    }

    /// Records out: STDOUT, its end, END_REQUEST.
    @Benchmark
    public ByteBuffer answer() {
        ByteBuffer out = response.clear().position(RecordEncoder.HEADER_BYTES);
        out.put(ANSWER);
        int padding = RecordEncoder.padding(ANSWER.length);
        RecordEncoder.headerAt(out, 0, RecordType.STDOUT, 1, ANSWER.length, padding);
        RecordEncoder.pad(out, ANSWER.length);
        RecordEncoder.endOfStream(out, RecordType.STDOUT, 1);
        RecordEncoder.endRequest(out, 1, 0, ProtocolStatus.REQUEST_COMPLETE);
        return out.flip();
    }
}
