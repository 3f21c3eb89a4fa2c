package dev.hearth.web;

import dev.hearth.http.Query;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.util.List;
import java.util.Optional;

/// Path parameters, queries, headers and forms as typed values.
///
/// {@snippet lang=java :
/// long id = Bind.path(request, "id", long.class);
/// int page = Bind.query(request, "page", int.class).orElse(1);
/// Optional<Instant> since = Bind.header(request, "X-Since", Instant.class);
///
/// record Search(String text, Optional<LocalDate> since, List<Size> sizes) {}
/// Search search = Bind.query(request, Search.class);
/// }
///
/// Types are String, int, long, double, boolean, BigDecimal, UUID, LocalDate, Instant, Duration, enums, and in records
/// `Optional` (may be left out) and `List` (any number) of them. What does not fit is refused with 400, a form
/// with 422; the problem lists every parameter that is wrong in `errors`, by its name and where it stands (`path`, `query`,
/// `header` or `form`):
///
/// ```json
/// {"type": "urn:hearth:problem:bad-parameters", …, "errors": [
///     {"parameter": "page", "in": "query", "detail": "must be a whole number"}]}
/// ```
///
/// What a record's own constructor refuses with an [IllegalArgumentException] concerns them together, and names none.
public final class Bind {
    private Bind() {}

    /// A path parameter of the route.
    ///
    /// @throws RefusedException with 400 if it is none of this type
    @SuppressWarnings("unchecked") // Texts reads a value of the type, boxed
    public static <T> T path(Request request, String name, Class<T> type) {
        return (T)
                Texts.read(type, request.pathParameter(name))
                        .orElseThrow(() -> wrong(ParameterPlace.PATH, name, type));
    }

    /// A parameter of the query, if it is there. One that must be there is a component of a record.
    ///
    /// @throws RefusedException with 400 if it is none of this type
    public static <T> Optional<T> query(Request request, String name, Class<T> type) {
        return optional(request.query().first(name), ParameterPlace.QUERY, name, type);
    }

    /// A header, if it is there.
    ///
    /// @throws RefusedException with 400 if it is none of this type
    public static <T> Optional<T> header(Request request, String name, Class<T> type) {
        return optional(request.header(name), ParameterPlace.HEADER, name, type);
    }

    @SuppressWarnings("unchecked") // Texts reads a value of the type, boxed
    private static <T> Optional<T> optional(
            Optional<String> text, ParameterPlace place, String name, Class<T> type) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Object> value = Texts.read(type, text.get());
        if (value.isEmpty()) {
            throw wrong(place, name, type);
        }
        return (Optional<T>) value;
    }

    private static RefusedException wrong(ParameterPlace place, String name, Class<?> type) {
        return place.refusal(List.of(place.error(name, "must be " + Texts.wanted(type))));
    }

    /// The query as a record; parameters that it does not name are ignored.
    ///
    /// @throws RefusedException with 400 that lists every parameter missing or wrong
    public static <T extends Record> T query(Request request, Class<T> type) {
        return type.cast(RecordBinder.of(type).bind(request.query(), ParameterPlace.QUERY));
    }

    /// A form as a record; fields that it does not name are ignored. See [Forms].
    ///
    /// @throws RefusedException with 422 that lists every field missing or wrong
    public static <T extends Record> T form(Query form, Class<T> type) {
        return type.cast(RecordBinder.of(type).bind(form, ParameterPlace.FORM));
    }
}
