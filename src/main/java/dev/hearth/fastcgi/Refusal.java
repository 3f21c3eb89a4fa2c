package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.ProtocolStatus;
import dev.hearth.fastcgi.wire.RecordEncoder;
import dev.hearth.fastcgi.wire.RecordType;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The answers that the server gives itself, when a request cannot reach its handler or the handler failed.
///
/// Each is a whole CGI response with a problem (RFC 9457) in it, of the type that a gateway gives the same refusal:
/// programs switch on it, whichever way their request came.
enum Refusal {
    BAD_PARAMS(400, "Bad Request", "bad-params", "The request's variables cannot be read."),
    BAD_LENGTH(400, "Bad Request", "bad-content-length", "Content-Length must be digits only."),
    BODY_CUT(400, "Bad Request", "content-cut", "The body is shorter than announced."),
    TIMEOUT(408, "Request Timeout", "request-timeout", "The request did not arrive in time."),
    BODY_TOO_LARGE(
            413,
            "Content Too Large",
            "content-too-large",
            "The body is longer than this server takes."),
    PARAMS_TOO_LARGE(
            431,
            "Request Header Fields Too Large",
            "headers-too-large",
            "The request's headers are larger than this server takes; send fewer or shorter ones."),
    FAILED(
            500,
            "Internal Server Error",
            "internal-error",
            "Something went wrong here; it has been logged."),
    OVERLOADED(
            503,
            "Service Unavailable",
            "busy",
            "Too many requests at once; try again in a second."),
    TOO_SLOW(
            503,
            "Service Unavailable",
            "too-slow",
            "The request took longer than this server allows."),
    STOPPING(503, "Service Unavailable", "stopping", "The server is stopping. Try again.");

    @SuppressWarnings("ImmutableEnumChecker") // written once, and read by one class
    private final byte[] response;

    private final int status;
    private final String detail;

    Refusal(int status, String reason, String type, String detail) {
        this.status = status;
        this.detail = detail;
        // Numbers as %s: %d has the digits of the locale.
        String body =
                "{\"type\":\"urn:hearth:problem:%s\",\"title\":\"%s\",\"status\":%s,\"detail\":\"%s\"}\n"
                        .formatted(type, reason, status, detail);
        String retry = status == 503 ? "Retry-After: 1\r\n" : "";
        String head =
                "Status: %s %s\r\nContent-Type: application/problem+json\r\n%sContent-Length: %s\r\n\r\n"
                        .formatted(status, reason, retry, body.length());
        response = (head + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The whole answer to a request that no handler has begun to answer: response, end of stream, end of
    /// request. The application status is 1: it was not served.
    ByteBuffer records(int requestId) {
        int length = response.length;
        ByteBuffer out =
                ByteBuffer.allocate(
                        2 * RecordEncoder.HEADER_BYTES
                                + length
                                + RecordEncoder.padding(length)
                                + RecordEncoder.END_REQUEST_BYTES);
        RecordEncoder.header(
                out, RecordType.STDOUT, requestId, length, RecordEncoder.padding(length));
        out.put(response);
        RecordEncoder.pad(out, length);
        RecordEncoder.endOfStream(out, RecordType.STDOUT, requestId);
        RecordEncoder.endRequest(out, requestId, 1, ProtocolStatus.REQUEST_COMPLETE);
        return out.flip();
    }

    /// How loud the log tells of it: what the client did wrong is less than what this server could not do.
    Level level() {
        return status < 500 ? Level.INFO : Level.WARNING;
    }

    /// For the log.
    String sentence() {
        return status + ": " + detail;
    }

    /// The response: headers, an empty line, the body.
    byte[] response() {
        return response;
    }
}
