package dev.hearth.web.json;

import java.math.BigDecimal;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/// Reads a decimal that can be written out in as many digits as any other number may have: `1e999999999` is eleven
/// characters, but the first sum with it takes a gigabyte.
final class WritableDecimal extends StdScalarDeserializer<BigDecimal> {

    WritableDecimal() {
        super(BigDecimal.class);
    }

    @Override
    public BigDecimal deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                && parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            return (BigDecimal) context.handleUnexpectedToken(handledType(), parser);
        }
        BigDecimal value = parser.getDecimalValue();
        if (!isWritable(value)) {
            return context.reportInputMismatch(this, "the number has too many digits");
        }
        return value;
    }

    /// Whether it has no more digits without an exponent, zeros included, than a number may have.
    static boolean isWritable(BigDecimal value) {
        long scale = value.scale();
        long digits = scale < 0 ? value.precision() - scale : Math.max(value.precision(), scale);
        return digits <= StrictMapper.MAX_NUMBER_LENGTH;
    }
}
