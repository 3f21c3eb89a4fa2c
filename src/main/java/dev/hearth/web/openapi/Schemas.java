package dev.hearth.web.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import dev.hearth.web.json.Json;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schemas of the types that routes read and answer, as [Json] reads and writes them.
final class Schemas {
    private final SchemaBuilder builder;

    Schemas() {
        SchemaGeneratorConfigBuilder config =
                new SchemaGeneratorConfigBuilder(
                                Json.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                        .with(
                                Option.DEFINITIONS_FOR_ALL_OBJECTS,
                                Option.FLATTENED_OPTIONALS,
                                Option.PLAIN_DEFINITION_KEYS,
                                Option.EXTRA_OPEN_API_FORMAT_VALUES,
                                Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
                        .without(Option.SCHEMA_VERSION_INDICATOR);
        config.forFields()
                .withRequiredCheck(Schemas::isRequired)
                .withNullableCheck(Schemas::mayBeNull)
                .withPropertyNameOverrideResolver(Schemas::renamed);
        builder = new SchemaGenerator(config.build()).buildMultipleSchemaDefinitions();
    }

    /// A reference to the type's schema, or the schema itself where it is short.
    ObjectNode of(Class<?> type) {
        return builder.createSchemaReference(type);
    }

    /// All schemas that were referred to.
    ObjectNode definitions() {
        return builder.collectDefinitions("components/schemas");
    }

    private static Optional<RecordComponent> component(FieldScope field) {
        Class<?> owner = field.getRawMember().getDeclaringClass();
        return owner.isRecord()
                ? Arrays.stream(owner.getRecordComponents())
                        .filter(each -> each.getName().equals(field.getDeclaredName()))
                        .findFirst()
                : Optional.empty();
    }

    private static boolean isRequired(FieldScope field) {
        return component(field).filter(each -> !Json.mayBeAbsent(each)).isPresent();
    }

    /// Whether null may stand for it, where its type does not say so: an Optional does.
    private static @Nullable Boolean mayBeNull(FieldScope field) {
        return component(field).filter(Json::mayBeAbsent).isPresent() ? Boolean.TRUE : null;
    }

    private static @Nullable String renamed(FieldScope field) {
        return component(field)
                .map(each -> each.getAccessor().getAnnotation(JsonProperty.class))
                .map(JsonProperty::value)
                .filter(name -> !name.isEmpty())
                .orElse(null);
    }
}
