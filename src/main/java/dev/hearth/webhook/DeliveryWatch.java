package dev.hearth.webhook;

import java.util.function.Consumer;

/// Watches the attempts to deliver our own webhooks. Called on the thread that writes or sends the message; it must be
/// quick, and not throw.
public interface DeliveryWatch {

    /// What is going on now, on this thread, where a message is written; empty for nothing. It is kept with the message
    /// and given back with each attempt, whichever process makes it.
    String origin();

    /// An attempt begins. What is given back is told once how it ended: `204`, or `no_answer` and the like.
    Consumer<String> begin(Attempt attempt);

    /// One attempt.
    ///
    /// @param endpoint the name of the receiver in the configuration
    /// @param host the receiver's host, with its port where it is not the usual one
    /// @param id of the message
    /// @param number 1 for the first attempt
    /// @param origin what [#origin] gave when the message was written
    record Attempt(String endpoint, String host, String id, int number, String origin) {}

    /// The watch that sees nothing.
    DeliveryWatch NONE =
            new DeliveryWatch() {
                @Override
                public String origin() {
                    return "";
                }

                @Override
                public Consumer<String> begin(Attempt attempt) {
                    return _ -> {};
                }
            };
}
