package dev.hearth.gateway;

import dev.hearth.http.AddressRange;
import dev.hearth.http.Headers;
import dev.hearth.http.Problem;
import dev.hearth.http.RequestSource;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request as CGI variables tell it (RFC 3875 section 4), over FastCGI and CGI alike.
///
/// Headers are what stands in `HTTP_…`, with these rules:
/// - Content-Type and Content-Length come from CONTENT_TYPE and CONTENT_LENGTH only: `HTTP_CONTENT_…`, which some
///   servers send too, never override them.
/// - `HTTP_PROXY` is dropped: no client may name a proxy for what this process fetches.
/// - Names with anything but ASCII letters, digits and `_` behind `HTTP_` are no headers.
/// - Of two variables that would be one header, such as `HTTP_X_ID` and `HTTP_x_id`, the first counts.
/// - `HTTP_TRANSFER_ENCODING` is dropped: the front server has decoded the body.
final class CgiRequest implements RequestSource {
    private static final Map<String, String> KNOWN_NAMES =
            Map.ofEntries(
                    known("Host"),
                    known("Accept"),
                    known("Accept-Encoding"),
                    known("Authorization"),
                    known("Cookie"),
                    known("If-None-Match"),
                    known("Origin"),
                    known("User-Agent"),
                    known("X-Request-Id"),
                    known("X-Request-ID"),
                    known("traceparent"),
                    known("Idempotency-Key"),
                    known("Stripe-Signature"),
                    Map.entry("Content-Type", "CONTENT_TYPE"),
                    Map.entry("Content-Length", "CONTENT_LENGTH"));

    // The other way round, for those that nearly every request has or a webhook brings.
    private static final Map<String, String> KNOWN_HEADERS = knownHeaders();

    private final Variables variables;
    private final String path;
    private final long contentLength;
    private final InputStream body;
    private final List<AddressRange> trustedProxies;
    private @Nullable Headers headers;
    private @Nullable Forwarding forwarding;

    /// @throws dev.hearth.http.RefusedException with 400 if the method or the path cannot be used
    CgiRequest(Variables variables, long contentLength, InputStream body) {
        this(variables, contentLength, body, List.of());
    }

    /// @param trustedProxies proxies in front of the web server whose `X-Forwarded-…` are believed
    CgiRequest(
            Variables variables,
            long contentLength,
            InputStream body,
            List<AddressRange> trustedProxies) {
        this.variables = variables;
        this.path = RequestPath.of(variables);
        this.contentLength = contentLength;
        this.body = body;
        this.trustedProxies = trustedProxies;
    }

    private static Map.Entry<String, String> known(String header) {
        return Map.entry(header, variableOf(header));
    }

    private static String variableOf(String header) {
        return Variables.HEADER + header.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static Map<String, String> knownHeaders() {
        Map<String, String> headers = new HashMap<>();
        for (String variable : KNOWN_NAMES.values()) {
            if (isHeader(variable)) {
                headers.put(variable, headerOf(variable));
            }
        }
        return headers;
    }

    @Override
    public String method() {
        String method = variables.get("REQUEST_METHOD");
        if (method.isEmpty()) {
            throw Problem.of(400, "bad-request", "The request has no method.").refuse();
        }
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String rawQuery() {
        return variables.get("QUERY_STRING");
    }

    @Override
    public Optional<String> header(String name) {
        String variable = KNOWN_NAMES.get(name);
        if (variable == null) {
            variable = unusualVariable(name);
        }
        String value = variable.isEmpty() ? "" : variables.get(variable);
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private static String unusualVariable(String header) {
        String variable = variableOf(header);
        return switch (variable) {
            case "HTTP_CONTENT_TYPE" -> "CONTENT_TYPE";
            case "HTTP_CONTENT_LENGTH" -> "CONTENT_LENGTH";
            default -> isHeader(variable) ? variable : "";
        };
    }

    /// Whether a variable is shown as a header, leaving the content headers aside.
    private static boolean isHeader(String variable) {
        return variable.startsWith(Variables.HEADER)
                && switch (variable) {
                    case "HTTP_",
                            "HTTP_PROXY",
                            "HTTP_TRANSFER_ENCODING",
                            "HTTP_CONTENT_TYPE",
                            "HTTP_CONTENT_LENGTH" ->
                            false;
                    default -> isWord(variable);
                };
    }

    private static boolean isWord(String variable) {
        for (int i = 0; i < variable.length(); i++) {
            char c = variable.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!letter && !(c >= '0' && c <= '9') && c != '_') {
                return false;
            }
        }
        return true;
    }

    @Override
    public Headers headers() {
        Headers all = headers;
        if (all == null) {
            all = readHeaders();
            headers = all;
        }
        return all;
    }

    private Headers readHeaders() {
        Headers.Builder all = Headers.builder();
        add(all, "Content-Type", variables.get("CONTENT_TYPE"));
        add(all, "Content-Length", variables.get("CONTENT_LENGTH"));
        // A header that was sent twice stands here twice: whoever must not be fooled by a second
        // one can see it.
        variables.eachHeader((sent, value) -> {
            String known = KNOWN_HEADERS.get(sent);
            if (known != null) {
                add(all, known, value);
                return;
            }
            String variable = sent.toUpperCase(Locale.ROOT);
            if (isWord(sent) && isHeader(variable)) {
                add(all, headerOf(variable), value);
            }
        });
        return all.build();
    }

    private static void add(Headers.Builder headers, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        try {
            headers.add(name, value);
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(
                            400,
                            "bad-header",
                            "The header %s holds a control character.".formatted(name))
                    .refuse();
        }
    }

    private static String headerOf(String variable) {
        StringBuilder name = new StringBuilder(variable.length());
        boolean first = true;
        for (int i = Variables.HEADER.length(); i < variable.length(); i++) {
            char c = variable.charAt(i);
            name.append(c == '_' ? '-' : first ? c : Character.toLowerCase(c));
            first = c == '_';
        }
        return name.toString();
    }

    @Override
    public long contentLength() {
        return contentLength;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public String remoteAddress() {
        return trustedProxies.isEmpty()
                ? variables.get("REMOTE_ADDR")
                : forwarding().remoteAddress();
    }

    @Override
    public String scheme() {
        return trustedProxies.isEmpty() ? ownScheme() : forwarding().scheme();
    }

    @Override
    public String host() {
        return trustedProxies.isEmpty() ? ownHost() : forwarding().host();
    }

    private Forwarding forwarding() {
        Forwarding known = forwarding;
        if (known == null) {
            known =
                    Forwarding.of(
                            variables.get("REMOTE_ADDR"),
                            ownScheme(),
                            ownHost(),
                            headers(),
                            trustedProxies);
            forwarding = known;
        }
        return known;
    }

    private String ownScheme() {
        String https = variables.get("HTTPS");
        boolean secure =
                https.equalsIgnoreCase("on")
                        || https.equals("1")
                        || variables.get("REQUEST_SCHEME").equalsIgnoreCase("https");
        return secure ? "https" : "http";
    }

    private String ownHost() {
        String host = variables.get("HTTP_HOST");
        return host.isEmpty() ? serverHost() : host;
    }

    private String serverHost() {
        String name = variables.get("SERVER_NAME");
        String port = variables.get("SERVER_PORT");
        if (name.isEmpty()) {
            return "";
        }
        String literal = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
        boolean usual = port.isEmpty() || port.equals(ownScheme().equals("https") ? "443" : "80");
        return usual ? literal : literal + ":" + port;
    }

    @Override
    public String protocol() {
        String protocol = variables.get("SERVER_PROTOCOL");
        // A request that the server made itself, for a part of a page (RFC 3875 section 4.1.16).
        return protocol.isEmpty() || protocol.equals("INCLUDED") ? "HTTP/1.0" : protocol;
    }

    @Override
    public Optional<String> user() {
        String user = variables.get("REMOTE_USER");
        return user.isEmpty() ? Optional.empty() : Optional.of(user);
    }

    /// Without `HTTP_PROXY`: whoever hands them on to another program must not hand that on.
    @Override
    public Map<String, String> variables() {
        Map<String, String> all = new LinkedHashMap<>(variables.all());
        all.keySet().removeIf(name -> name.equalsIgnoreCase("HTTP_PROXY"));
        return all;
    }
}
