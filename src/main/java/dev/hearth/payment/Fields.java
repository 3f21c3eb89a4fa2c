package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads the members of a caller's JSON object; every refusal names the member.
///
/// Numbers are taken only as whole numbers written with digits: `10`, never `"10"`, `10.0` or `1e1`.
final class Fields {
    private final JsonNode object;

    private Fields(JsonNode object) {
        this.object = object;
    }

    /// @throws RefusedException if the body is not one JSON object; an empty body is an empty object
    static Fields read(byte[] body) {
        try {
            JsonNode json = body.length == 0 ? Json.read("{}") : Json.read(body);
            if (json.isObject()) {
                return new Fields(json);
            }
        } catch (JacksonException notJson) {
            throw Problem.of(400, "malformed-json", "The body is not a JSON object in UTF-8.")
                    .refuse();
        }
        throw Answer.invalid("", "a JSON object is wanted").refuse();
    }

    boolean has(String name) {
        return !object.path(name).isMissingNode() && !object.path(name).isNull();
    }

    Optional<String> text(String name, int longest) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = object.path(name);
        if (!value.isString()) {
            throw Answer.invalid(name, "a string is wanted").refuse();
        }
        String text = value.stringValue();
        boolean control = text.chars().anyMatch(c -> c < 0x20 || c == 0x7f);
        if (text.isBlank() || text.length() > longest || control || !isText(text)) {
            throw Answer.invalid(
                            name,
                            "1 to %d characters are wanted, none of control".formatted(longest))
                    .refuse();
        }
        return Optional.of(text);
    }

    /// Whether every database can keep it: no NUL, and no half of a character.
    static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(c ->
                        c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    OptionalLong whole(String name) {
        if (!has(name)) {
            return OptionalLong.empty();
        }
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw Answer.invalid(name, "a whole number of minor units is wanted").refuse();
        }
        return OptionalLong.of(value.longValue());
    }

    JsonNode node(String name) {
        return object.path(name);
    }
}
