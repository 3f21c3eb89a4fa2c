package dev.hearth.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Requests for payment intents, each of an order and with an idempotency key of its own.
public final class Orders implements Call.Source {

    private static final Expectation CREATED = Expectation.of(201);

    private final String target;
    private final String callerKey;
    private final String run;
    private final AtomicLong next = new AtomicLong();

    /// @param run makes the orders of this run different from those of others
    public Orders(String target, String callerKey, String run) {
        this.target = target;
        this.callerKey = callerKey;
        this.run = run;
    }

    @Override
    public Call next() {
        String order = run + "-" + next.getAndIncrement();
        byte[] body =
                """
                {"order_ref":"%s","amount":2499,"currency":"eur"}\
                """
                        .formatted(order)
                        .getBytes(StandardCharsets.US_ASCII);
        return HttpCall.of(
                "POST",
                target,
                Map.of(
                        "Authorization",
                        "Bearer " + callerKey,
                        "Idempotency-Key",
                        "key-" + order,
                        "Content-Type",
                        "application/json"),
                body,
                true,
                CREATED);
    }
}
