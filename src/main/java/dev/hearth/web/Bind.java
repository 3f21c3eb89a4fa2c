package dev.hearth.web;

import dev.hearth.http.Problem;
import dev.hearth.http.Query;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Path parameters, queries and forms as typed values.
///
/// {@snippet lang=java :
/// long id = Bind.path(request, "id", long.class);
/// int page = Bind.query(request, "page", int.class).orElse(1);
///
/// record Search(String text, Optional<LocalDate> since, List<Size> sizes) {}
/// Search search = Bind.query(request, Search.class);
/// }
///
/// Types are String, int, long, double, boolean, BigDecimal, UUID, LocalDate, Instant, Duration, enums, and in records
/// `Optional` (may be left out) and `List` (any number) of them. What does not fit is refused with 400; the
/// problem lists every parameter that is wrong in `errors`.
public final class Bind {
    private Bind() {}

    /// A path parameter of the route.
    ///
    /// @throws RefusedException with 400 if it is none of this type
    @SuppressWarnings("unchecked") // Texts reads a value of the type, boxed
    public static <T> T path(Request request, String name, Class<T> type) {
        return (T)
                Texts.read(type, request.pathParameter(name))
                        .orElseThrow(() -> wrong(name, "must be " + Texts.wanted(type)));
    }

    /// A parameter of the query, if it is there.
    ///
    /// @throws RefusedException with 400 if it is none of this type
    @SuppressWarnings("unchecked") // Texts reads a value of the type, boxed
    public static <T> Optional<T> query(Request request, String name, Class<T> type) {
        Optional<String> text = request.query().first(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Object> value = Texts.read(type, text.get());
        if (value.isEmpty()) {
            throw wrong(name, "must be " + Texts.wanted(type));
        }
        return (Optional<T>) value;
    }

    /// The query as a record; parameters that it does not name are ignored.
    ///
    /// @throws RefusedException with 400 that lists every parameter missing or wrong
    public static <T extends Record> T query(Request request, Class<T> type) {
        return record(request.query(), type, 400, "bad-parameters");
    }

    /// A form as a record; fields that it does not name are ignored. See [Forms].
    ///
    /// @throws RefusedException with 422 that lists every field missing or wrong
    public static <T extends Record> T form(Query form, Class<T> type) {
        return record(form, type, 422, "invalid-form");
    }

    private static <T extends Record> T record(
            Query values, Class<T> type, int status, String problem) {
        return type.cast(
                RecordBinder.of(type).bind(values, errors -> refusal(status, problem, errors)));
    }

    private static RefusedException wrong(String name, String detail) {
        return refusal(400, "bad-parameters", List.of(error(name, detail)));
    }

    static Map<String, Object> error(String name, String detail) {
        return Problem.error("parameter", name, detail);
    }

    private static RefusedException refusal(
            int status, String problem, List<Map<String, Object>> errors) {
        return Problem.of(status, problem, "Some parameters are missing or wrong; each is listed.")
                .with("errors", errors)
                .refuse();
    }
}
