package dev.hearth.gateway;

import dev.hearth.http.Problem;
import dev.hearth.http.Status;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Tells what Jetty itself refuses (a malformed request line, headers that are too large) as a problem, too.
final class HttpProblems extends ErrorHandler {
    /// A constant, so that a CGI process that says it does not load this class.
    static final String HEADERS_TOO_LARGE =
            "The request's headers are larger than this server takes; send fewer or shorter ones.";

    private static final String PROBLEM = "application/problem+json";

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = Math.max(400, Math.min(599, response.getStatus()));
        if (status == 426) {
            // Jetty's answer to a version above 1.1 in the request line. A 426 has to name what to
            // upgrade to (RFC 9110 section 15.5.22), and there is nothing: it is a version that is
            // not spoken in this form (section 15.6.6).
            status = 505;
            response.setStatus(status);
        }
        Problem problem = Problem.of(status, type(status), detail(status));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, PROBLEM);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, problem.toJson(), callback);
        return true;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    private static String type(int status) {
        return switch (status) {
            case 400 -> "bad-request";
            case 408 -> "request-timeout";
            case 413 -> "content-too-large";
            case 414 -> "uri-too-long";
            case 417 -> "expectation-failed";
            case 431 -> "headers-too-large";
            case 501 -> "not-implemented";
            case 503 -> "unavailable";
            case 505 -> "http-version";
            default -> status < 500 ? "refused" : "internal-error";
        };
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "The request is not valid HTTP.";
            case 408 -> "The request came too slowly.";
            case 413 -> "The body is longer than this server takes.";
            case 414 -> "The request's target is longer than this server takes.";
            case 431 -> HEADERS_TOO_LARGE;
            case 503 -> "The server is stopping or busy. Try again.";
            default -> Status.reason(status) + ".";
        };
    }
}
