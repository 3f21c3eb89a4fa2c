package dev.hearth.payment;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How the calls to Stripe ended since the start. Safe for many threads.
final class CallCounts {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void add(String outcome) {
        counts.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
    }

    static String outcome(StripeReply reply) {
        return switch (reply) {
            case StripeReply.Done _ -> "done";
            case StripeReply.Declined _ -> "declined";
            case StripeReply.Refused _ -> "refused";
            case StripeReply.Busy _ -> "busy";
            case StripeReply.KeyRefused _ -> "key_refused";
            case StripeReply.NoAnswer _ -> "no_answer";
            case StripeReply.NotSent _ -> "not_sent";
        };
    }

    /// How many ended so, by outcome; those that never occurred are left out.
    Map<String, Long> counted() {
        Map<String, Long> now = new TreeMap<>();
        counts.forEach((outcome, count) -> now.put(outcome, count.sum()));
        return now;
    }
}
