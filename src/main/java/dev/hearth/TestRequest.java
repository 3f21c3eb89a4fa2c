package dev.hearth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.http.Headers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A request to a [TestSite], as a client writes it and a front server hands it on. A value: each method gives another.
///
/// {@snippet lang=java :
/// TestAnswer answer = shop.request("PUT", "/items/1")
///         .with("Authorization", "Bearer " + key)
///         .json(new Item("bread"))
///         .send();
/// }
///
/// Unless [#variable] says otherwise it came from 127.0.0.1 by HTTPS, to the host `localhost`.
public final class TestRequest {
    private static final Map<String, String> FRONT_SERVER =
            Map.of(
                    "GATEWAY_INTERFACE", "CGI/1.1",
                    "SERVER_PROTOCOL", "HTTP/1.1",
                    "SERVER_NAME", "localhost",
                    "SERVER_PORT", "443",
                    "HTTPS", "on",
                    "REMOTE_ADDR", "127.0.0.1",
                    "HTTP_HOST", "localhost");

    private static final List<String> WITH_BODY = List.of("POST", "PUT", "PATCH");

    private final TestSite site;
    private final String method;
    private final String target;
    private final Headers headers;
    private final byte[] body;
    private final Map<String, String> chosen;

    private TestRequest(
            TestSite site,
            String method,
            String target,
            Headers headers,
            byte[] body,
            Map<String, String> chosen) {
        this.site = site;
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
        this.chosen = chosen;
    }

    static TestRequest of(TestSite site, String method, String target) {
        if (!target.matches("/[!-~&&[^#]]*")) {
            throw new IllegalArgumentException(
                    "a target begins with a slash and is percent-encoded as a client sends it, was "
                            + target);
        }
        return new TestRequest(site, method, target, Headers.EMPTY, new byte[0], Map.of());
    }

    /// With one more header. One that is there already gets another value, as front servers hand them on: `a, b`.
    ///
    /// @throws IllegalArgumentException if no front server hands it on: its name has other characters than letters,
    ///     digits and `-`, or it is about the length of the body
    public TestRequest with(String name, String value) {
        boolean length = name.equalsIgnoreCase("Content-Length");
        if (!name.matches("[A-Za-z0-9-]+")
                || length
                || name.equalsIgnoreCase("Transfer-Encoding")) {
            throw new IllegalArgumentException(
                    "a front server does not hand on the header " + name);
        }
        return new TestRequest(site, method, target, headers.with(name, value), body, chosen);
    }

    /// With these headers as well.
    public TestRequest with(Headers more) {
        TestRequest request = this;
        for (int i = 0; i < more.size(); i++) {
            request = request.with(more.name(i), more.value(i));
        }
        return request;
    }

    /// With a variable as a front server sets it (RFC 3875 section 4.1), in place of what is usual here: `REMOTE_ADDR`,
    /// `REMOTE_USER`, `HTTPS` (`off`).
    public TestRequest variable(String name, String value) {
        Map<String, String> others = new LinkedHashMap<>(chosen);
        others.put(name, value);
        return new TestRequest(site, method, target, headers, body, others);
    }

    /// With a JSON body: text and bytes are JSON already, anything else is written as JSON.
    public TestRequest json(Object value) {
        return body("application/json", TestSite.jsonBytes(value));
    }

    /// With a form for a body, as a browser sends it.
    public TestRequest form(TestForm form) {
        return body(form.contentType(), form.body());
    }

    /// With a text for a body, in UTF-8.
    public TestRequest body(String contentType, String text) {
        return body(contentType, text.getBytes(UTF_8));
    }

    /// With these bytes for a body.
    public TestRequest body(String contentType, byte[] bytes) {
        Headers typed = headers.replace("Content-Type", contentType);
        return new TestRequest(site, method, target, typed, bytes.clone(), chosen);
    }

    /// Asks the site, on this thread, and gives the whole answer.
    ///
    /// @throws IllegalStateException if the site is closed, or the answer was cut off because its writer failed
    public TestAnswer send() {
        return site.answer(method + " " + target, variables(), body);
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        int question = target.indexOf('?');
        variables.put("REQUEST_METHOD", method);
        variables.put("REQUEST_URI", target);
        variables.put("QUERY_STRING", question < 0 ? "" : target.substring(question + 1));
        if (body.length > 0 || WITH_BODY.contains(method)) {
            variables.put("CONTENT_LENGTH", Integer.toString(body.length));
        }
        headers.forEach((name, value) -> {
            String separator = name.equalsIgnoreCase("Cookie") ? "; " : ", ";
            variables.merge(variableOf(name), value, (first, next) -> first + separator + next);
        });
        FRONT_SERVER.forEach(variables::putIfAbsent);
        variables.putAll(chosen);
        return variables;
    }

    private static String variableOf(String header) {
        String name = header.toUpperCase(Locale.ROOT).replace('-', '_');
        return name.equals("CONTENT_TYPE") ? name : "HTTP_" + name;
    }
}
