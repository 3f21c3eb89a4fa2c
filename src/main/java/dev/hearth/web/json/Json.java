package dev.hearth.web.json;

import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.Operation;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Optional;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/// JSON in and out of handlers.
///
/// {@snippet lang=java :
/// record NewOrder(String customer, List<Line> lines, Optional<String> note) {}
///
/// Response create(Request request) throws IOException {
///     NewOrder order = Json.read(request, NewOrder.class);
///     return Json.response(201, orders.add(order));
/// }
/// }
///
/// Reading is strict, so that a client learns of its mistake and not its customer: unknown fields, missing fields
/// (all but `Optional` and `@Nullable` components), null, wrong types (`"5"` is no number, `5.0` no whole one; dates,
/// times and durations are texts in ISO 8601), numbers of more than 100 digits when written out, two
/// fields of one name, text behind the value. See [JsonReader] for what the client is told, and [Alternatives] for
/// sealed types.
public final class Json {
    private Json() {}

    /// Makes an answer of a request's work.
    @FunctionalInterface
    public interface Answer<T> {
        T to(Request request) throws Exception;
    }

    /// The body as a value of this type.
    ///
    /// @throws dev.hearth.http.RefusedException with 400, 413, 415 or 422 if it is not one
    /// @throws IOException if the body cannot be read to its end
    public static <T> T read(Request request, Class<T> type) throws IOException {
        return accepting(type).read(request);
    }

    /// A reader that may also check values and has its own limit. Make it once.
    public static <T> JsonReader<T> accepting(Class<T> type) {
        return new JsonReader<>(type, JsonReader.DEFAULT_LIMIT, Optional.empty());
    }

    /// 200 with a value as JSON.
    public static Response response(Object value) {
        return response(200, value);
    }

    /// A value as JSON.
    public static Response response(int status, Object value) {
        return Response.bytes(status, "application/json", mapper().writeValueAsBytes(value));
    }

    /// A handler that answers 200 with what `answer` gives, described for OpenAPI. An empty [Optional] becomes 404. What is
    /// said to be an array may be a list.
    public static <T> Handler handler(Class<T> returned, Answer<?> answer) {
        return Operation.undescribed()
                .returns(200, returned)
                .on(request -> answered(200, returned, answer.to(request)));
    }

    static Response answered(int status, Class<?> returned, Object result) {
        return switch (result) {
            case Response response -> response;
            case Optional<?> maybe when maybe.isEmpty() ->
                    Problem.of(404, "not-found", "There is no such thing.").toResponse();
            case Optional<?> present -> written(status, returned, present.get());
            default -> written(status, returned, result);
        };
    }

    /// The elements of a list do not know that they are alternatives: that is said by the type of the handler.
    private static Response written(int status, Class<?> returned, Object value) {
        Class<?> element = returned.getComponentType();
        if (element == null
                || !(value instanceof Collection<?>)
                || Alternatives.of(element).isEmpty()) {
            return response(status, value);
        }
        JavaType type =
                mapper().getTypeFactory().constructCollectionType(Collection.class, element);
        return Response.bytes(
                status, "application/json", mapper().writerFor(type).writeValueAsBytes(value));
    }

    /// Whether a field of this name may be missing or null in JSON: an Optional, or annotated `@Nullable`.
    public static boolean mayBeAbsent(RecordComponent component) {
        return RequiredComponents.mayBeAbsent(component);
    }

    /// The mapper behind all this, for those who need Jackson itself. Its trees hold no decimal of more than 100 digits
    /// when written out either.
    public static JsonMapper mapper() {
        return StrictMapper.MAPPER;
    }
}
