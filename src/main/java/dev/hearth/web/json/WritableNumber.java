package dev.hearth.web.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/// Reads numbers where a program has said no more of the type, as in a `Map<String, Object>`: whole ones as they fit,
/// all others as a [WritableDecimal].
final class WritableNumber extends StdScalarDeserializer<Number> {
    private static final WritableDecimal DECIMAL = new WritableDecimal();

    WritableNumber() {
        super(Number.class);
    }

    @Override
    public Number deserialize(JsonParser parser, DeserializationContext context) {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? parser.getNumberValue()
                : DECIMAL.deserialize(parser, context);
    }
}
