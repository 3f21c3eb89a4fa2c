package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.payment.KeyedRequests.TakenException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Reads what every request of a caller has, whatever it asks for, and answers it.
final class CallerRequests {
    private static final int MAX_BODY = 64 * 1024;
    private static final int LONGEST_KEY = 255;
    private static final int MOST_RACES = 5;

    private final Callers callers;

    CallerRequests(Callers callers) {
        this.callers = callers;
    }

    /// The name of the caller.
    ///
    /// @throws RefusedException with 401 if it has no key that counts
    String caller(Request request) {
        return callers.require(request);
    }

    byte[] body(Request request) throws IOException {
        return request.bytes(MAX_BODY);
    }

    @FunctionalInterface
    interface Answering {
        Answer answer() throws Exception;
    }

    /// The answer; where two requests met at one row, the later one looks again.
    static Response answer(Answering answering) throws Exception {
        for (int race = 1; ; race++) {
            try {
                Answer answer = answering.answer();
                Response response = answer.toResponse();
                return switch (answer.status()) {
                    case 202 ->
                            response.withHeader("Location", answer.subject())
                                    .withHeader("Retry-After", "1");
                    case 503 -> response.withHeader("Retry-After", "60");
                    default -> response;
                };
            } catch (TakenException lookAgain) {
                if (race == MOST_RACES) {
                    throw lookAgain;
                }
            }
        }
    }

    CallerKey requireKey(Request request, String caller, byte[] body) {
        return key(request, caller, body)
                .orElseThrow(() ->
                        Problem.of(
                                        400,
                                        "idempotency-key-missing",
                                        "Send an Idempotency-Key header: the same for the same"
                                                + " wish, sent again.")
                                .refuse());
    }

    Optional<CallerKey> key(Request request, String caller, byte[] body) {
        List<String> keys = request.headers().all("Idempotency-Key");
        String key = keys.isEmpty() ? "" : keys.getFirst().strip();
        if (key.isEmpty() && keys.size() <= 1) {
            return Optional.empty();
        }
        if (keys.size() > 1
                || key.length() > LONGEST_KEY
                || key.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw Problem.of(
                            400,
                            "idempotency-key-malformed",
                            "There is one Idempotency-Key, of 1 to %d visible ASCII characters."
                                    .formatted(LONGEST_KEY))
                    .refuse();
        }
        return Optional.of(
                new CallerKey(
                        caller,
                        request.method() + " " + request.path(),
                        key,
                        ApiCallTable.sha256(body)));
    }
}
