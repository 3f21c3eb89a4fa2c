package dev.hearth.gateway;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Locale;

/// CGI variables for tests, in the order and as often as given.
final class CgiVariables {
    private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();

    /// What every front server sends of a GET.
    static CgiVariables get(String path) {
        return new CgiVariables().with("REQUEST_METHOD", "GET").with("SCRIPT_NAME", path);
    }

    CgiVariables with(String name, String value) {
        NameValuePairs.encode(pairs, name, value);
        return this;
    }

    /// The variable of a header.
    static String ofHeader(String name) {
        String variable = name.toUpperCase(Locale.ROOT).replace('-', '_');
        return variable.startsWith("CONTENT_") && !variable.equals("CONTENT_ENCODING")
                ? variable
                : "HTTP_" + variable;
    }

    /// What stands behind the question mark of a request's target.
    static String query(String target) {
        int question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }

    /// A path as a web server decodes it, each byte a character.
    static String percentDecoded(String path) {
        StringBuilder decoded = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                c = (char) Integer.parseInt(path, i + 1, i + 3, 16);
                i += 2;
            }
            decoded.append(c);
        }
        return decoded.toString();
    }

    /// Name-value pairs as FastCGI sends them.
    byte[] bytes() {
        return pairs.toByteArray();
    }

    Variables variables() {
        try {
            byte[] bytes = bytes();
            return Variables.of(NameValuePairs.decode(bytes, bytes.length, 10_000));
        } catch (ProtocolException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    CgiRequest request() {
        return new CgiRequest(variables(), -1, InputStream.nullInputStream());
    }
}
