package dev.hearth.bench.load;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Builds a FastCGI request byte for byte as nginx 1.22 does: one BEGIN_REQUEST, PARAMS padded to 8, STDIN in records
/// of at most 32 KiB, all ready for one write.
public final class FastCgiCall {

    private static final int BEGIN_REQUEST = 1;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int RESPONDER = 1;
    private static final int KEEP_CONN = 1;
    private static final int LARGEST_STDIN = 32 * 1024;

    private FastCgiCall() {}

    public static Call of(
            Map<String, String> params, byte[] body, boolean keep, Expectation expected) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(1024 + body.length);
        byte[] begin = {0, RESPONDER, (byte) (keep ? KEEP_CONN : 0), 0, 0, 0, 0, 0};
        record(wire, BEGIN_REQUEST, begin, 0, begin.length);
        byte[] pairs = pairs(params);
        record(wire, PARAMS, pairs, 0, pairs.length);
        record(wire, PARAMS, pairs, 0, 0);
        for (int at = 0; at < body.length; at += LARGEST_STDIN) {
            record(wire, STDIN, body, at, Math.min(LARGEST_STDIN, body.length - at));
        }
        record(wire, STDIN, body, 0, 0);
        return Call.of(wire.toByteArray(), expected);
    }

    /// The parameters that nginx sends with Debian's `fastcgi.conf` for a request of a browser.
    public static Map<String, String> nginxParams(
            String method,
            String path,
            String query,
            String script,
            int bodyLength,
            String bodyType) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("SCRIPT_FILENAME", script);
        params.put("QUERY_STRING", query);
        params.put("REQUEST_METHOD", method);
        params.put("CONTENT_TYPE", bodyType);
        params.put("CONTENT_LENGTH", bodyLength == 0 ? "" : Integer.toString(bodyLength));
        params.put("SCRIPT_NAME", path);
        params.put("REQUEST_URI", query.isEmpty() ? path : path + "?" + query);
        params.put("DOCUMENT_URI", path);
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
        return params;
    }

    /// The name-value pairs of section 3.4, without the records around them.
    public static byte[] pairs(Map<String, String> params) {
        ByteArrayOutputStream pairs = new ByteArrayOutputStream(1024);
        params.forEach((name, value) -> {
            byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
            byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
            length(pairs, nameBytes.length);
            length(pairs, valueBytes.length);
            pairs.writeBytes(nameBytes);
            pairs.writeBytes(valueBytes);
        });
        return pairs.toByteArray();
    }

    private static void length(ByteArrayOutputStream pairs, int length) {
        if (length < 128) {
            pairs.write(length);
            return;
        }
        pairs.write(length >>> 24 | 0x80);
        pairs.write(length >>> 16);
        pairs.write(length >>> 8);
        pairs.write(length);
    }

    private static void record(
            ByteArrayOutputStream wire, int type, byte[] content, int from, int length) {
        int padding = -length & 7;
        wire.writeBytes(
                new byte[] {
                    1, (byte) type, 0, 1, (byte) (length >>> 8), (byte) length, (byte) padding, 0
                });
        wire.write(content, from, length);
        wire.write(new byte[padding], 0, padding);
    }
}
