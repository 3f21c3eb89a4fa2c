package dev.hearth.web.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/// Reads a double from a JSON number that fits into one.
final class FiniteDouble extends StdScalarDeserializer<Double> {

    FiniteDouble(Class<?> type) {
        super(type);
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                && parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            return (Double) context.handleUnexpectedToken(handledType(), parser);
        }
        double value = parser.getDoubleValue();
        if (Double.isInfinite(value)) {
            return context.reportInputMismatch(this, "the number is too large");
        }
        return value;
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
        return handledType() == double.class
                ? context.reportInputMismatch(this, "must not be null")
                : super.getNullValue(context);
    }
}
