package dev.hearth.http;

import java.io.IOException;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.LoggerFactory;

/// Turns what a handler throws into an answer. Each gateway puts it around everything as the last defence;
/// put it inside an access log, so that the log sees the answer and not the exception.
///
/// | thrown | answer |
/// |---|---|
/// | [RefusedException] | its problem, not logged |
/// | [IOException] while the request's body was read | passes through: there is no one to answer |
/// | [InterruptedException] | 503 with `Retry-After`: the server is stopping |
/// | anything else | our bug: 500 with an id, logged once with that id and the stack trace |
public final class Errors implements Middleware {

    @Override
    public Handler wrap(Handler next) {
        return request -> answer(next, request);
    }

    /// The handler's answer, or the answer to what it threw.
    ///
    /// @throws IOException if the request's body could not be read to its end
    public static Response answer(Handler handler, Request request) throws IOException {
        try {
            return Objects.requireNonNull(
                    handler.handle(request), "the handler gave null for a response");
        } catch (RefusedException refused) {
            return refused.toResponse();
        } catch (IOException lost) {
            if (request.bodyBroken()) {
                throw lost;
            }
            return bug(request, lost);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Problem.of(503, "stopping", "The server is stopping. Try again.")
                    .refuse("Retry-After", "5")
                    .toResponse();
        } catch (Throwable bug) {
            // Also a StackOverflowError: one request's fault must not end the thread.
            return bug(request, bug);
        }
    }

    /// A handler that answers refusals itself, for a layer that must add something to every answer.
    public static Handler refusals(Handler next) {
        return request -> {
            try {
                return next.handle(request);
            } catch (RefusedException refused) {
                return refused.toResponse();
            }
        };
    }

    /// Logs a bug once and gives the answer to it: the id of the log entry, and nothing of the bug.
    public static Response bug(Request request, Throwable bug) {
        String id = request.get(Request.ID).orElseGet(() -> UUID.randomUUID().toString());
        // Not a constant: a program that never fails (one CGI request) need not start the log.
        LoggerFactory.getLogger(Errors.class)
                .error("request {} failed: {} {}", id, request.method(), printable(request), bug);
        return Problem.of(500, "internal-error", "Something went wrong here. Quote the id.")
                .with("id", id)
                .toResponse();
    }

    private static String printable(Request request) {
        return request.route().orElseGet(() -> LogText.escape(request.path()));
    }
}
