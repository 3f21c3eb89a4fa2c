package dev.hearth.http;

import java.io.Serial;

/// The client asked for something wrong; carries the problem that tells it what.
///
/// Costs no stack trace: it is an answer, not a fault.
public final class RefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Headers headers;

    public RefusedException(Problem problem) {
        this(problem, Headers.EMPTY);
    }

    /// With headers that belong to the refusal: `Allow`, `Retry-After`, `WWW-Authenticate`.
    public RefusedException(Problem problem, Headers headers) {
        super(
                problem.status() + " " + problem.title() + ": " + problem.detail(),
                null,
                false,
                false);
        this.problem = problem;
        this.headers = headers;
    }

    /// What the client is told.
    public Problem problem() {
        return problem;
    }

    /// The whole answer: the problem and the headers that belong to it.
    public Response toResponse() {
        Response response = problem.toResponse();
        return headers.size() == 0
                ? response
                : response.withHeaders(response.headers().with(headers));
    }
}
