package dev.hearth.bench.jmh;

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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
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

    private final byte[] pairs = pairs();
    private final ByteBuffer request = request(pairs);
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

    private static byte[] pairs() {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("SCRIPT_FILENAME", "/var/www/html/hello");
        params.put("QUERY_STRING", "");
        params.put("REQUEST_METHOD", "GET");
        params.put("CONTENT_TYPE", "");
        params.put("CONTENT_LENGTH", "");
        params.put("SCRIPT_NAME", "/hello");
        params.put("REQUEST_URI", "/hello");
        params.put("DOCUMENT_URI", "/hello");
        params.put("DOCUMENT_ROOT", "/var/www/html");
        params.put("SERVER_PROTOCOL", "HTTP/1.1");
        params.put("REQUEST_SCHEME", "http");
        params.put("GATEWAY_INTERFACE", "CGI/1.1");
        params.put("SERVER_SOFTWARE", "nginx/1.22.1");
        params.put("REMOTE_ADDR", "192.0.2.17");
        params.put("REMOTE_PORT", "52814");
        params.put("SERVER_ADDR", "192.0.2.80");
        params.put("SERVER_PORT", "80");
        params.put("SERVER_NAME", "shop.example");
        params.put("REDIRECT_STATUS", "200");
        params.put("HTTP_HOST", "shop.example");
        params.put(
                "HTTP_USER_AGENT",
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
        params.put(
                "HTTP_ACCEPT", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        params.put("HTTP_ACCEPT_LANGUAGE", "en-US,en;q=0.5");
        params.put("HTTP_ACCEPT_ENCODING", "identity");
        params.put("HTTP_CONNECTION", "keep-alive");
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        params.forEach((name, value) -> NameValuePairs.encode(encoded, name, value));
        return encoded.toByteArray();
    }

    private static ByteBuffer request(byte[] pairs) {
        ByteBuffer out = ByteBuffer.allocateDirect(4096);
        RecordEncoder.header(out, RecordType.BEGIN_REQUEST, 1, 8, 0);
        out.put(new byte[] {0, 1, 1, 0, 0, 0, 0, 0});
        RecordEncoder.header(
                out, RecordType.PARAMS, 1, pairs.length, RecordEncoder.padding(pairs.length));
        out.put(pairs);
        RecordEncoder.pad(out, pairs.length);
        RecordEncoder.endOfStream(out, RecordType.PARAMS, 1);
        RecordEncoder.endOfStream(out, RecordType.STDIN, 1);
        return out.flip();
    }
}
