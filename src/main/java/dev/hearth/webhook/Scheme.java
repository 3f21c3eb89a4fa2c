package dev.hearth.webhook;

import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How one kind of sender signs its webhooks, and where it writes what the inbox must know of them.
/// [Schemes] makes them by name.
public sealed interface Scheme
        permits StripeScheme,
                GitHubScheme,
                StandardScheme,
                ShopifyScheme,
                SlackScheme,
                HmacScheme,
                Ed25519Scheme {

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

    /// The answer to a genuine request that is no event but the sender's question whether we are there.
    default Optional<Response> greeting(Headers headers, byte[] body) {
        return Optional.empty();
    }

    /// The status that tells the sender that its signature does not count.
    default int refusedStatus(Headers headers) {
        return 400;
    }

    /// Whether the sender signs the time too, so that what is old is refused.
    default boolean signsTime() {
        return true;
    }

    /// The headers with which the sender would bring this body: signature, id, type.
    ///
    /// @throws IllegalArgumentException if nothing can be signed with this secret
    Headers sign(Secret secret, String id, String type, byte[] body, Instant now);
}
