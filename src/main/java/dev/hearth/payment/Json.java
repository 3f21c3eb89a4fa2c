package dev.hearth.payment;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads JSON without assuming more of it than is asked for, and writes small objects.
final class Json {
    private Json() {}

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /// @throws tools.jackson.core.JacksonException if the text is not one JSON value
    static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }

    /// @throws tools.jackson.core.JacksonException if the bytes are not one JSON value in UTF-8
    static JsonNode read(byte[] utf8) {
        return MAPPER.readTree(utf8);
    }

    static JsonNode missing() {
        return JsonNodeFactory.instance.missingNode();
    }

    /// A string that is there and not empty.
    static Optional<String> text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isString() && !value.stringValue().isEmpty()
                ? Optional.of(value.stringValue())
                : Optional.empty();
    }

    /// A whole number that fits.
    static OptionalLong number(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isIntegralNumber() && value.canConvertToLong()
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
    }

    static Optional<Boolean> flag(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }

    /// An object that is there.
    static Optional<JsonNode> object(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isObject() ? Optional.of(value) : Optional.empty();
    }

    /// The id of something that Stripe gives as an id or, expanded, as an object.
    static Optional<String> id(JsonNode object, String member) {
        return text(object, member).or(() -> text(object.path(member), "id"));
    }

    static String write(Map<String, ?> object) {
        return MAPPER.writeValueAsString(object);
    }

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }
}
