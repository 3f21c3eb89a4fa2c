package dev.hearth.web;

import dev.hearth.http.Handler;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a route does, in words and types, for the description of the API. A value; put it on a handler:
///
/// {@snippet lang=java :
/// router.get("/orders/{id}",
///         Operation.of("Shows one order").path("id", long.class).returns(200, Order.class).on(this::show));
/// }
///
/// A path parameter that the route's pattern does not have fails when the router is built.
public record Operation(
        String summary,
        Optional<Class<?>> accepted,
        int status,
        Optional<Class<?>> returned,
        List<Parameter> parameters,
        List<Security> security,
        boolean hidden) {

    /// One parameter: where it stands (`path`, `query`, `header`), its name, type and meaning.
    public record Parameter(
            String in, String name, Class<?> type, boolean required, String meaning) {}

    public Operation {
        parameters = List.copyOf(parameters);
        security = List.copyOf(security);
    }

    /// An operation with nothing said about it yet.
    public static Operation undescribed() {
        return new Operation(
                "", Optional.empty(), 200, Optional.empty(), List.of(), List.of(), false);
    }

    /// Begins with a sentence that says what the route does.
    public static Operation of(String summary) {
        return undescribed().summary(summary);
    }

    public Operation summary(String sentence) {
        return new Operation(sentence, accepted, status, returned, parameters, security, hidden);
    }

    /// The type of the body that is read.
    public Operation accepts(Class<?> type) {
        return new Operation(
                summary, Optional.of(type), status, returned, parameters, security, hidden);
    }

    /// The status and the type of the body of the answer when all went well.
    public Operation returns(int status, Class<?> type) {
        return new Operation(
                summary, accepted, status, Optional.of(type), parameters, security, hidden);
    }

    /// The type of a path parameter; without this it is a string.
    public Operation path(String name, Class<?> type) {
        return with(new Parameter("path", name, type, true, ""));
    }

    /// A parameter of the query that may be left out.
    public Operation query(String name, Class<?> type, String meaning) {
        return with(new Parameter("query", name, type, false, meaning));
    }

    /// A header that may be left out.
    public Operation header(String name, Class<?> type, String meaning) {
        return with(new Parameter("header", name, type, false, meaning));
    }

    private Operation with(Parameter parameter) {
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(parameter);
        return new Operation(summary, accepted, status, returned, more, security, hidden);
    }

    /// Who may ask, before all that was said so far about it: for a handler that looks by itself. What the layers
    /// around it ask for is known without this.
    public Operation behind(Security asked) {
        List<Security> more = new ArrayList<>(security);
        more.addFirst(asked);
        return new Operation(summary, accepted, status, returned, parameters, more, hidden);
    }

    /// The same, left out of the description.
    public Operation hide() {
        return new Operation(summary, accepted, status, returned, parameters, security, true);
    }

    /// The handler, with this said about it. What is not said here is kept from the handler's own operation.
    public Handler on(Handler handler) {
        return new Described(this.over(of(handler)), handler);
    }

    /// The handler, of which only this is said.
    Handler around(Handler handler) {
        return new Described(this, handler);
    }

    private Operation over(Operation inner) {
        List<Parameter> all = new ArrayList<>(parameters);
        all.addAll(inner.parameters);
        List<Security> asked = new ArrayList<>(security);
        asked.addAll(inner.security);
        return new Operation(
                summary.isEmpty() ? inner.summary : summary,
                accepted.or(() -> inner.accepted),
                returned.isPresent() ? status : inner.status,
                returned.or(() -> inner.returned),
                all,
                asked,
                hidden || inner.hidden);
    }

    /// What is said about a handler.
    public static Operation of(Handler handler) {
        return handler instanceof Described described ? described.operation : undescribed();
    }

    private record Described(Operation operation, Handler handler) implements Handler {
        @Override
        public Response handle(Request request) throws Exception {
            return handler.handle(request);
        }
    }
}
