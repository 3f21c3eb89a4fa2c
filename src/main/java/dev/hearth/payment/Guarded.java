package dev.hearth.payment;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a failing Stripe from taking our threads: bounds the calls on their way, stops calling for a while
/// after many failures in a row, and stops altogether when our key is refused.
///
/// Safe for many threads.
final class Guarded implements StripeGateway {
    private static final Logger log = LoggerFactory.getLogger(Guarded.class);

    private static final int FAILURES_TO_OPEN = 10;
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);
    private static final Duration KEY_REFUSED_FOR = Duration.ofMinutes(1);
    private static final Duration WAIT_FOR_A_PLACE = Duration.ofSeconds(2);

    private final StripeGateway inner;
    private final InstantSource clock;
    private final Semaphore places;
    private final CallCounts counts = new CallCounts();
    private int failuresInARow; // guarded by this
    private @Nullable Instant closedUntil; // guarded by this
    private volatile boolean keyRefused;
    private volatile CallWatch watch = (_, _) -> _ -> {};

    Guarded(StripeGateway inner, int callsAtOnce, InstantSource clock) {
        this.inner = inner;
        this.places = new Semaphore(callsAtOnce, true);
        this.clock = clock;
    }

    @Override
    public StripeReply send(StripeCall call) {
        Consumer<String> watched = watch.begin(call.method().name(), call.path());
        String outcome = "broken";
        try {
            StripeReply reply = guarded(call);
            outcome = CallCounts.outcome(reply);
            counts.add(outcome);
            return reply;
        } finally {
            watched.accept(outcome);
        }
    }

    /// Has another watch the calls from now on.
    void watch(CallWatch other) {
        watch = other;
    }

    CallCounts counts() {
        return counts;
    }

    private StripeReply guarded(StripeCall call) {
        Optional<StripeReply> held = heldBack();
        if (held.isPresent()) {
            return held.get();
        }
        try {
            if (!places.tryAcquire(WAIT_FOR_A_PLACE.toMillis(), TimeUnit.MILLISECONDS)) {
                return new StripeReply.NotSent("too many calls are on their way");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new StripeReply.NotSent("stopping");
        }
        try {
            StripeReply reply = inner.send(call);
            learn(call, reply);
            return reply;
        } finally {
            places.release();
        }
    }

    /// What to answer without calling, where calling is no use. Lets one call through at a time once the
    /// pause is over, and the next only if that one shows that Stripe is back.
    private synchronized Optional<StripeReply> heldBack() {
        Instant until = closedUntil;
        if (until == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (now.isBefore(until)) {
            return Optional.of(
                    keyRefused
                            ? new StripeReply.KeyRefused(401)
                            : new StripeReply.NotSent("Stripe has not answered of late"));
        }
        closedUntil = now.plus(OPEN_FOR);
        return Optional.empty();
    }

    private synchronized void learn(StripeCall call, StripeReply reply) {
        switch (reply) {
            case StripeReply.NoAnswer(String why) -> {
                failuresInARow++;
                if (failuresInARow >= FAILURES_TO_OPEN) {
                    closedUntil = clock.instant().plus(OPEN_FOR);
                    if (failuresInARow == FAILURES_TO_OPEN) {
                        log.error("ALARM: Stripe fails ({}); calls pause for {}", why, OPEN_FOR);
                    }
                }
            }
            case StripeReply.KeyRefused(int status) -> {
                closedUntil = clock.instant().plus(KEY_REFUSED_FOR);
                if (!keyRefused) {
                    log.error(
                            "ALARM: Stripe refuses stripe.api_key with status {} for {}; calls pause for {}",
                            status,
                            call,
                            KEY_REFUSED_FOR);
                }
                keyRefused = true;
            }
            case StripeReply.Done _,
                    StripeReply.Declined _,
                    StripeReply.Refused _,
                    StripeReply.Busy _ -> {
                failuresInARow = 0;
                closedUntil = null;
                keyRefused = false;
            }
            case StripeReply.NotSent _ -> {}
        }
    }

    /// Whether Stripe refuses our key: nothing can be paid until it is changed.
    boolean isKeyRefused() {
        return keyRefused;
    }
}
