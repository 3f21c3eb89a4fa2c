package dev.hearth.web.json;

import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/// Reads a double or a float from a JSON number that fits into one.
final class FiniteNumber<T extends Number> extends StdScalarDeserializer<T> {
    private final transient Function<JsonParser, T> read;

    private FiniteNumber(Class<T> type, Function<JsonParser, T> read) {
        super(type);
        this.read = read;
    }

    /// For `double` or [Double].
    static FiniteNumber<Double> ofDouble(Class<Double> type) {
        return new FiniteNumber<>(type, JsonParser::getDoubleValue);
    }

    /// For `float` or [Float].
    static FiniteNumber<Float> ofFloat(Class<Float> type) {
        return new FiniteNumber<>(type, JsonParser::getFloatValue);
    }

    @Override
    @SuppressWarnings(
            "unchecked") // the context answers with the type that it is asked for, or throws
    public T deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                && parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            return (T) context.handleUnexpectedToken(handledType(), parser);
        }
        T value = read.apply(parser);
        if (Double.isInfinite(value.doubleValue())) {
            return context.reportInputMismatch(this, "the number is too large");
        }
        return value;
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
        return handledType().isPrimitive()
                ? context.reportInputMismatch(this, "must not be null")
                : super.getNullValue(context);
    }
}
