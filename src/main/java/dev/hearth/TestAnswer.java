package dev.hearth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.http.Headers;
import dev.hearth.web.json.Json;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// What a client gets to see of an answer: the whole of it, streams to their end.
///
/// [#toString] shows it, for what a failing assertion says.
public final class TestAnswer {
    private static final String END_OF_HEADERS = "\r\n\r\n";

    private final String asked;
    private final int status;
    private final Headers headers;
    private final byte[] body;

    private TestAnswer(String asked, int status, Headers headers, byte[] body) {
        this.asked = asked;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /// Reads what a CGI program writes (RFC 3875 section 6).
    static TestAnswer read(String asked, byte[] written) {
        String text = new String(written, ISO_8859_1);
        int end = text.indexOf(END_OF_HEADERS);
        Headers headers = Headers.EMPTY;
        int status = 200;
        for (String line : text.substring(0, end).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (name.equals("Status")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                headers = headers.with(name, value);
            }
        }
        String body = text.substring(end + END_OF_HEADERS.length());
        return new TestAnswer(asked, status, headers, body.getBytes(ISO_8859_1));
    }

    /// The status, such as 200.
    public int status() {
        return status;
    }

    /// Every header.
    public Headers headers() {
        return headers;
    }

    /// The first value of a header. The name compares without case.
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /// The value of a cookie that the answer sets, without its attributes.
    public Optional<String> cookie(String name) {
        String start = name + "=";
        return headers.all("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith(start))
                .map(cookie -> cookie.substring(start.length()).split(";", 2)[0])
                .findFirst();
    }

    /// The body.
    public byte[] bytes() {
        return body.clone();
    }

    /// The body, read as UTF-8.
    public String text() {
        return new String(body, UTF_8);
    }

    /// The body as a value, read as strictly as [Json] reads requests.
    ///
    /// @throws IllegalStateException if it is none; the message shows the answer
    public <T> T json(Class<T> type) {
        try {
            return Json.mapper().readValue(body, type);
        } catch (JacksonException other) {
            throw new IllegalStateException(
                    "no %s: %s".formatted(type.getSimpleName(), this), other);
        }
    }

    /// What was asked, the status and the body.
    @Override
    public String toString() {
        return "%s was answered with %d %s".formatted(asked, status, text()).strip();
    }
}
