package dev.hearth.web.json;

import am.ik.yavi.core.ConstraintViolations;
import am.ik.yavi.core.Validator;
import dev.hearth.http.Handler;
import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Request;
import dev.hearth.web.MediaTypes;
import dev.hearth.web.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;

/// Reads bodies of one type. Make it once; for many threads.
///
/// What the client is told, always as one problem:
///
/// | fault | status | `type` ends with |
/// |---|---|---|
/// | the body is not announced as JSON, or compressed | 415 | `unsupported-media-type` |
/// | longer than the limit (1 MiB unless said otherwise) | 413 | `content-too-large` |
/// | not JSON, or nested too deeply | 400 | `malformed-json`, with line and column |
/// | no body; fields unknown, missing, of a wrong type, or twice; text with U+0000 or half of a surrogate pair; values that a check refuses | 422 | `invalid-body` |
///
/// The last lists **all** of them in `errors`, each with a JSON Pointer (RFC 6901) and a sentence. A message of an
/// [IllegalArgumentException] from a record's constructor is one of them: it reaches the client.
public final class JsonReader<T> {
    static final int DEFAULT_LIMIT = 1 << 20;

    private final Class<T> type;
    private final int limit;
    private final Optional<Validator<T>> validator;
    private volatile @Nullable ObjectReader
            reader; // made at first use: a start should not pay for Jackson

    JsonReader(Class<T> type, int limit, Optional<Validator<T>> validator) {
        this.type = type;
        this.limit = limit;
        this.validator = validator;
    }

    /// The same with a check of whole values. Its constraints are named by the record's components. They do not stand in
    /// `openapi.json`, as YAVI offers none but itself a way to read them; a component's `@JsonPropertyDescription` does.
    public JsonReader<T> checkedBy(Validator<T> check) {
        return new JsonReader<>(type, limit, Optional.of(check));
    }

    /// The same for bodies of at most so many bytes.
    public JsonReader<T> limitedTo(int bytes) {
        return new JsonReader<>(type, bytes, validator);
    }

    /// Answers a value that was read.
    @FunctionalInterface
    public interface Answer<T> {
        Object to(Request request, T value) throws Exception;
    }

    /// A handler that reads a value and answers with what `answer` gives as JSON, described for OpenAPI.
    public Handler handler(int status, Class<?> returned, Answer<T> answer) {
        return Operation.undescribed()
                .accepts(type)
                .returns(status, returned)
                .on(request -> Json.answered(status, returned, answer.to(request, read(request))));
    }

    /// The request's body as a value.
    ///
    /// @throws RefusedException if it is not one, see above
    /// @throws IOException if the body cannot be read to its end
    public T read(Request request) throws IOException {
        requireJson(request);
        MediaTypes.requireNotCompressed(request);
        return read(request.bytes(limit));
    }

    /// A document as a value.
    ///
    /// @throws RefusedException if it is not one, see above
    public T read(byte[] document) {
        requireUtf8(document);
        T value;
        try {
            value = reader().readValue(document);
        } catch (InvalidDefinitionException ours) {
            throw new IllegalStateException(
                    type.getName() + " cannot be read from JSON, whatever is sent", ours);
        } catch (JacksonException fault) {
            throw new JsonFaults(type).explain(document, fault).refuse();
        }
        if (value == null) {
            throw invalid(List.of(new Fault("", "must not be null"))).refuse();
        }
        List<Fault> strange = EscapedText.faults(document);
        if (!strange.isEmpty()) {
            throw invalid(strange).refuse();
        }
        if (validator.isPresent()) {
            check(validator.get(), value);
        }
        return value;
    }

    private ObjectReader reader() {
        ObjectReader present = reader;
        if (present == null) {
            present =
                    Json.mapper()
                            .readerFor(type); // should two threads come at once, both are the same
            reader = present;
        }
        return present;
    }

    /// Jackson takes overlong and surrogate sequences, by which a text can slip past a check.
    private static void requireUtf8(byte[] document) {
        boolean ascii = true;
        for (int i = 0; i < document.length && ascii; i++) {
            ascii = document[i] >= 0;
        }
        if (ascii) {
            return;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
        } catch (CharacterCodingException malformed) {
            throw Problem.of(400, "malformed-json", "The body is not UTF-8.").refuse();
        }
    }

    private static void requireJson(Request request) {
        String type = request.header("Content-Type").orElse("");
        if (!isJson(type)) {
            throw Problem.of(
                            415,
                            "unsupported-media-type",
                            "The body must be application/json; say so in Content-Type.")
                    .refuse("Accept", "application/json");
        }
    }

    private static boolean isJson(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        return type.equalsIgnoreCase("application/json")
                || (type.regionMatches(true, 0, "application/", 0, 12)
                        && type.toLowerCase(Locale.ROOT).endsWith("+json"));
    }

    private static <T> void check(Validator<T> validator, T value) {
        ConstraintViolations violations = validator.validate(value);
        if (!violations.isValid()) {
            List<Fault> faults = new ArrayList<>();
            violations.forEach(
                    each -> faults.add(new Fault(Fault.pointer(each.name()), each.message())));
            throw invalid(faults).refuse();
        }
    }

    static Problem invalid(List<Fault> faults) {
        List<Map<String, Object>> errors = new ArrayList<>();
        faults.forEach(
                fault -> errors.add(Problem.error("pointer", fault.pointer(), fault.detail())));
        return Problem.of(422, "invalid-body", "The body has errors; each is listed.")
                .with("errors", errors);
    }
}
