package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Gives every request an id, under [Request#ID], and tells it in `X-Request-Id`. One that came with the request
/// is kept if it is 8 to 64 letters, digits, `-`, `_` and `.`: it can stand in any log.
public final class RequestIds implements Middleware {
    private static final String HEADER = "X-Request-Id";
    private static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

    /// The id of the request that this thread works on, for the log.
    public static Optional<String> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    @Override
    public Handler wrap(Handler next) {
        return request -> {
            Optional<String> sent = request.header(HEADER);
            String id = sent.isPresent() && isValid(sent.get()) ? sent.get() : random();
            request.put(Request.ID, id);
            return ScopedValue.where(CURRENT, id)
                    .call(() -> next.handle(request))
                    .withHeader(HEADER, id);
        };
    }

    /// To tell requests apart, not to be secret.
    private static String random() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private static boolean isValid(String id) {
        if (id.length() < 8 || id.length() > 64) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }
}
