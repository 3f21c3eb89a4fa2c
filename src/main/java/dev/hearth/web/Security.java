package dev.hearth.web;

/// What a layer wants of who sends a request, as the description of the API tells it.
public sealed interface Security {

    /// Credentials in the `Authorization` header (RFC 9110 section 11.6.2); 401 without them.
    ///
    /// @param name what the description calls them, such as `apiKey`; letters, digits, `.`, `-` and `_`
    /// @param scheme as registered with IANA, in lower case: `bearer`, `basic`
    /// @param format what a bearer token looks like, such as `JWT`; may be empty
    /// @param meaning a sentence for who is to send them
    record Credentials(String name, String scheme, String format, String meaning)
            implements Security {}

    /// A cookie, which counts where it is sent. It may be missing: who is let in with what is in it is up to the
    /// handler.
    ///
    /// @param name what the description calls it; letters, digits, `.`, `-` and `_`
    /// @param cookie the cookie's name
    /// @param meaning a sentence about it
    record Cookie(String name, String cookie, String meaning) implements Security {}

    /// A scope of those that a sender can have, by the credentials that the layers around this one ask for; 403
    /// without it.
    record Scope(String scope) implements Security {}
}
