package dev.hearth.payment;

import java.util.function.Consumer;

/// Watches calls to Stripe. Called on the thread that calls; it must be quick, and not throw.
@FunctionalInterface
public interface CallWatch {

    /// A call begins, such as `GET /v1/refunds/re_1`. What is given back is told once how it ended: `done`,
    /// `declined`, `no_answer` and the like.
    Consumer<String> begin(String method, String path);
}
