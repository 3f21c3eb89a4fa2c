package dev.hearth.http;

import java.io.Serial;

/// The client asked for something wrong; carries the problem that tells it what.
///
/// Costs no stack trace: it is an answer, not a fault.
public final class RefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public RefusedException(Problem problem) {
        super(
                problem.status() + " " + problem.title() + ": " + problem.detail(),
                null,
                false,
                false);
        this.problem = problem;
    }

    /// What the client is told.
    public Problem problem() {
        return problem;
    }
}
