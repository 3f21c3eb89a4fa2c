package dev.hearth.webhook;

import dev.hearth.http.Headers;
import java.util.List;

/// How one kind of sender signs its webhooks, and where it writes what the inbox must know of them.
public sealed interface Scheme permits StripeScheme {

    /// The name in the configuration.
    String name();

    /// A verifier for these secrets, tried in order.
    ///
    /// @throws IllegalArgumentException if there is none, or one is not written as the scheme wants it
    Verifier verifier(List<Secret> secrets);

    /// Reads what the inbox must know of a genuine request.
    ///
    /// @throws UnreadableEventException if it is not an event of this scheme
    EventHead head(Headers headers, byte[] body);

    /// The names of the headers that are kept with the event, lower-case. Never those with a signature.
    List<String> keptHeaders();
}
