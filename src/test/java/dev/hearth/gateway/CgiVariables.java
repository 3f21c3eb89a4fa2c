package dev.hearth.gateway;

import dev.hearth.fastcgi.wire.NameValuePairs;
import dev.hearth.fastcgi.wire.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;

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

    Variables variables() {
        try {
            byte[] bytes = pairs.toByteArray();
            return Variables.of(NameValuePairs.decode(bytes, bytes.length, 10_000));
        } catch (ProtocolException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    CgiRequest request() {
        return new CgiRequest(variables(), -1, InputStream.nullInputStream());
    }
}
