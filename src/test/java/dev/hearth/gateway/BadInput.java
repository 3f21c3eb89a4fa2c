package dev.hearth.gateway;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A request that cannot be answered as it is, told apart from how it is sent, and the status it must be answered with.
///
/// @param lines headers, one twice where the request has it twice; Content-Length is added where none is given
/// @param body bytes as characters of ISO-8859-1
/// @param statuses by each way on which it can be sent at all
record BadInput(
        String kind,
        String method,
        String target,
        List<Line> lines,
        String body,
        Map<Way, Integer> statuses) {

    /// How a request comes to a gateway.
    enum Way {
        HTTP,
        /// The path only as the client sent it: REQUEST_URI.
        FASTCGI,
        /// The path as a front server has decoded it: SCRIPT_NAME.
        FASTCGI_DECODED,
        /// A decoded path, too: PATH_INFO behind the script's own name.
        CGI
    }

    record Line(String name, String value) {}

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final String MULTIPART = "multipart/form-data; boundary=b";
    private static final String PART = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n";
    private static final String FIELDS = "a=1&".repeat(10_000);
    private static final String GZIP = "\u001f\u008b\u0008\u0000\u0000\u0000\u0000\u0000";

    /// Every kind that [BadInputTest] sends by every way.
    static Stream<BadInput> all() {
        return Stream.of(paths(), queries(), headers(), ranges(), json(), forms(), lengths())
                .flatMap(kinds -> kinds);
    }

    private static Stream<BadInput> paths() {
        return Stream.of(
                get("path that is not UTF-8", "/u/%ff", 400),
                get("overlong UTF-8", "/u/%c0%af", 400),
                get("surrogate in UTF-8", "/u/%ed%a0%80", 400),
                get("half a percent sign", "/u/%4", 400).notDecoded(),
                get("path one longer than the limit", "/u/" + "a".repeat(8_190), 414),
                get("path longer than all headers", "/u/" + "a".repeat(100_000), 414),
                get("dot segments", "/f/../ten.txt", 400),
                get("dot segments to the root", "/f/../../../../etc/passwd", 400),
                get("encoded dot segments", "/f/%2e%2e/ten.txt", 400),
                get("dots and an encoded slash", "/f/..%2f..%2fetc/passwd", 400),
                // Decoded it is another path, of which there is no file.
                get("encoded slash", "/f/a%2fb", 400).decoded(404),
                get("backslashes and dots", "/f/..%5c..%5cten.txt", 404),
                get("dots encoded twice", "/f/%252e%252e/ten.txt", 404),
                get("empty segment", "/f//ten.txt", 400),
                get("NUL in the path", "/f/ten.txt%00.jpg", 400),
                get("line feed in the path", "/f/a%0ab", 400),
                get("parameter of a wrong type", "/u/x", 400),
                get("number beyond its type", "/u/99999999999999999999", 400),
                get("method that is not there", "/u/1", 405).by("BREW"));
    }

    private static Stream<BadInput> queries() {
        return Stream.of(
                get("3,000 parameters", "/search?" + "a=1&".repeat(3_000), 400),
                get("10,000 parameters", "/search?" + FIELDS, 400).over(Way.HTTP, 414),
                get("query of a wrong type", "/search?page=x", 400),
                get("query badly encoded", "/search?page=%zz", 400),
                get("query that is not UTF-8", "/search?page=%ff", 400),
                get("missing parameter", "/search", 400));
    }

    private static Stream<BadInput> headers() {
        String many = "a".repeat(1 << 20);
        return Stream.of(
                get("header of 1 MB", "/u/1", 431).with("X-Long", many),
                get("cookies of 1 MB", "/u/1", 431).with("Cookie", "a=" + many),
                withManyHeaders(get("20,000 headers", "/u/1", 431)));
    }

    private static Stream<BadInput> ranges() {
        return Stream.of("10-", "99-100", "-0", "20-,30-", "99999999999999999999-")
                .map(range ->
                        get("range " + range + " of ten bytes", "/f/ten.txt", 416)
                                .with("Range", "bytes=" + range));
    }

    private static Stream<BadInput> json() {
        return Stream.of(
                post("malformed JSON", "/json", JSON, "{\"cake\": ", 400),
                post("JSON that is not UTF-8", "/json", JSON, "\"\u00ff\"", 400),
                post("no JSON at all", "/json", JSON, "", 422),
                post("JSON with errors", "/json", JSON, "{\"cake\": 1}", 422),
                post("a name twice in JSON", "/json", JSON, "{\"cake\":\"a\",\"cake\":\"b\"}", 422),
                post("deep JSON", "/json", JSON, "[".repeat(100_000), 400),
                post(
                        "a number of 100,000 digits",
                        "/json",
                        JSON,
                        quantity("9".repeat(100_000)),
                        400),
                post("a number with a huge exponent", "/json", JSON, quantity("1e999999999"), 422),
                post("JSON of another type", "/json", "text/plain", "{}", 415),
                post("decompression bomb as JSON", "/json", JSON, GZIP, 415)
                        .with("Content-Encoding", "gzip"),
                post("decompression bomb as a form", "/form", FORM, GZIP, 415)
                        .with("Content-Encoding", "gzip"),
                post("decompression bomb as an upload", "/upload", MULTIPART, GZIP, 415)
                        .with("Content-Encoding", "deflate"));
    }

    private static String quantity(String number) {
        return "{\"cake\": \"Sacher\", \"quantity\": " + number + "}";
    }

    private static Stream<BadInput> forms() {
        return Stream.of(
                post("form badly encoded", "/form", FORM, "a=%f", 400),
                post("form that is not UTF-8", "/form", FORM, "a=%ff", 400),
                post("form with 10,000 fields", "/form", FORM, FIELDS, 400),
                post("form of another type", "/form", "text/plain", "a=1", 415),
                post("multipart without end", "/upload", MULTIPART, PART + "text", 400),
                post("multipart of nothing", "/upload", MULTIPART, "", 400),
                post("multipart without boundary", "/upload", "multipart/form-data", PART, 400),
                post(
                        "part whose headers do not end",
                        "/upload",
                        MULTIPART,
                        "--b\r\n" + FIELDS,
                        400),
                post("body over the limit", "/form", FORM, "a".repeat((1 << 20) + 1), 413));
    }

    private static Stream<BadInput> lengths() {
        Stream<BadInput> none =
                Stream.of("1e3", "-5", "+3", "0x3", "3, 4", "9".repeat(30))
                        .map(length ->
                                post("length " + length, "/form", FORM, "a=1", 400)
                                        .with("Content-Length", length));
        // An environment holds a name once.
        BadInput two =
                post("two lengths", "/form", FORM, "a=1", 400)
                        .with("Content-Length", "3")
                        .with("Content-Length", "4")
                        .notOver(Way.CGI);
        BadInput cut =
                post("body shorter than announced", "/form", FORM, "a=1", 400)
                        .with("Content-Length", "10");
        BadInput smuggled =
                post("a length and chunks", "/form", FORM, "3\r\na=1\r\n0\r\n\r\n", 400)
                        .with("Content-Length", "3")
                        .with("Transfer-Encoding", "chunked")
                        // The front server has taken the chunks apart before.
                        .notDecoded()
                        .notOver(Way.FASTCGI);
        return Stream.concat(none, Stream.of(two, cut, smuggled));
    }

    static BadInput get(String kind, String target, int status) {
        Map<Way, Integer> everywhere = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            everywhere.put(way, status);
        }
        return new BadInput(kind, "GET", target, List.of(), "", everywhere);
    }

    static BadInput post(String kind, String target, String type, String body, int status) {
        BadInput get = get(kind, target, status);
        return new BadInput(kind, "POST", target, List.of(), body, get.statuses())
                .with("Content-Type", type);
    }

    /// Valid JSON and a valid upload, cut behind so many bytes.
    static Stream<BadInput> cuts() {
        String json = quantity("12");
        String upload = PART + "text\r\n--b--";
        return Stream.concat(
                Stream.iterate(0, cut -> cut < json.length(), cut -> cut + 1)
                        .map(cut -> post("JSON", "/json", JSON, json.substring(0, cut), 400)),
                Stream.iterate(0, cut -> cut < upload.length(), cut -> cut + 1)
                        .map(cut ->
                                post(
                                        "upload",
                                        "/upload",
                                        MULTIPART,
                                        upload.substring(0, cut),
                                        400)));
    }

    /// What the cuts are of.
    static BadInput good() {
        return post("good", "/json", JSON, quantity("12"), 201);
    }

    private static BadInput withManyHeaders(BadInput input) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            lines.add(new Line("X-" + i, "some value of fifty letters, as a header may have it"));
        }
        return new BadInput(
                input.kind, input.method, input.target, lines, input.body, input.statuses);
    }

    private BadInput by(String another) {
        return new BadInput(kind, another, target, lines, body, statuses);
    }

    private BadInput with(String name, String value) {
        List<Line> more = new ArrayList<>(lines);
        more.add(new Line(name, value));
        return new BadInput(kind, method, target, more, body, statuses);
    }

    private BadInput over(Way way, int status) {
        Map<Way, Integer> changed = new EnumMap<>(statuses);
        changed.put(way, status);
        return new BadInput(kind, method, target, lines, body, changed);
    }

    private BadInput decoded(int status) {
        return over(Way.FASTCGI_DECODED, status).over(Way.CGI, status);
    }

    private BadInput notOver(Way way) {
        Map<Way, Integer> fewer = new EnumMap<>(statuses);
        fewer.remove(way);
        return new BadInput(kind, method, target, lines, body, fewer);
    }

    private BadInput notDecoded() {
        return notOver(Way.FASTCGI_DECODED).notOver(Way.CGI);
    }

    @Override
    public String toString() {
        return kind;
    }

    /// The status expected, or nothing where it cannot come that way.
    Optional<Integer> status(Way way) {
        return Optional.ofNullable(statuses.get(way));
    }

    /// Its headers, and how long the body is where nothing else is said.
    List<Line> allLines() {
        boolean said = lines.stream().anyMatch(line -> line.name().equals("Content-Length"));
        if (said || method.equals("GET")) {
            return lines;
        }
        return with("Content-Length", Integer.toString(body.length())).lines();
    }
}
