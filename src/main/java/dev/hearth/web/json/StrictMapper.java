package dev.hearth.web.json;

import java.math.BigDecimal;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/// The one mapper, made at first use.
final class StrictMapper {
    static final int MAX_DEPTH = 64;
    static final int MAX_NUMBER_LENGTH = 100;

    static final JsonMapper MAPPER = make();

    private StrictMapper() {}

    private static JsonMapper make() {
        StreamReadConstraints constraints =
                StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxNameLength(1_000)
                        .build();
        JsonFactory factory = JsonFactory.builder().streamReadConstraints(constraints).build();
        return JsonMapper.builder(factory)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text ->
                                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                        .setCoercion(
                                                CoercionInputShape.Boolean, CoercionAction.Fail))
                .annotationIntrospector(new RequiredComponents())
                .addModule(boundedNumbers())
                .addModule(IsoTimes.module())
                .addModule(quickRecords())
                .nodeFactory(new WritableNodes())
                .build();
    }

    /// `1e999` is JSON, but no double or float: without this it would be read as infinity. Trees have [WritableNodes].
    private static SimpleModule boundedNumbers() {
        return new SimpleModule("bounded numbers")
                .addDeserializer(BigDecimal.class, new WritableDecimal())
                .addDeserializer(Number.class, new WritableNumber())
                .addDeserializer(double.class, FiniteNumber.ofDouble(double.class))
                .addDeserializer(Double.class, FiniteNumber.ofDouble(Double.class))
                .addDeserializer(float.class, FiniteNumber.ofFloat(float.class))
                .addDeserializer(Float.class, FiniteNumber.ofFloat(Float.class));
    }

    private static SimpleModule quickRecords() {
        return new SimpleModule("quick records") {
            private static final long serialVersionUID = 1L;

            @Override
            public void setupModule(SetupContext context) {
                super.setupModule(context);
                context.addValueInstantiators(RecordInstantiator.forRecords());
            }
        };
    }
}
