package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;

/// A layer that looks at who sends a request, and says by what: the description of the API tells it of every route
/// that the layer stands around, be it by [Router#with] or around one handler.
///
/// {@snippet lang=java :
/// record Partners(Keys keys) implements Guard {
///     public Security security() {
///         return new Security.Credentials("partner", "bearer", "", "The key from your contract.");
///     }
///
///     public Handler guard(Handler next) {
///         return request -> next.handle(keys.checked(request));
///     }
/// }
/// }
public interface Guard extends Middleware {

    /// What it asks for.
    Security security();

    /// The handler that asks, in front of `next`.
    Handler guard(Handler next);

    /// [#guard], described as `next` is and with what is asked for.
    @Override
    default Handler wrap(Handler next) {
        return Operation.of(next).behind(security()).around(guard(next));
    }
}
