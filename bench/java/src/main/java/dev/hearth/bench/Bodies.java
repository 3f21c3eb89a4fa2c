package dev.hearth.bench;

import dev.hearth.bench.load.Call;
import dev.hearth.bench.load.Expectation;
import dev.hearth.bench.load.HttpCall;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Requests with bodies, and the answers that every peer must give to them.
final class Bodies {

    private static final int MEGABYTE = 1_000_000;

    private Bodies() {}

    /// An order of about 300 bytes; its sum comes back.
    static Call order() {
        String order =
                """
                {"customer":"A Customer","email":"customer@shop.example","currency":"eur","lines":[\
                {"article":"cake-chocolate","quantity":2,"cents":2450},\
                {"article":"candle-birthday","quantity":12,"cents":45},\
                {"article":"delivery-saturday","quantity":1,"cents":790}],\
                "note":"ring twice, the bell is quiet"}\
                """;
        String sum =
                "{\"customer\":\"A Customer\",\"currency\":\"eur\",\"articles\":3,\"cents\":6230}";
        return post("/json", "application/json", ascii(order), ascii(sum));
    }

    /// So many megabytes up; their number comes back.
    static Call upload(int megabytes) {
        byte[] content = alphabets(megabytes);
        return post("/upload", "application/octet-stream", content, ascii(content.length + "\n"));
    }

    /// So many megabytes down.
    static Call download(int megabytes) {
        byte[] content = alphabets(megabytes);
        return Behind.get("/download?bytes=" + content.length, content);
    }

    private static Call post(String target, String type, byte[] body, byte[] answer) {
        return HttpCall.of(
                "POST", target, Map.of("Content-Type", type), body, true, Expectation.of(answer));
    }

    private static byte[] alphabets(int megabytes) {
        byte[] content = new byte[megabytes * MEGABYTE];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ('a' + i % 26);
        }
        return content;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
