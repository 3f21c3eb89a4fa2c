package dev.hearth.web.openapi;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.generator.TypeScope;
import dev.hearth.web.json.Alternatives;
import dev.hearth.web.json.Json;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schemas of the types that routes read and answer, as [Json] reads and writes them. What they mean is said by
/// `@JsonPropertyDescription` and `@JsonClassDescription`.
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
                .withPropertyNameOverrideResolver(Schemas::renamed)
                .withDescriptionResolver(Schemas::meaning);
        config.forTypesInGeneral()
                .withDescriptionResolver(Schemas::meaningOfAll)
                .withCustomDefinitionProvider(Schemas::alternatives)
                .withTypeAttributeOverride(Schemas::tellApart);
        builder = new SchemaGenerator(config.build()).buildMultipleSchemaDefinitions();
    }

    /// A reference to the type's schema, or the schema itself where it is short.
    ObjectNode of(Class<?> type) {
        return builder.createSchemaReference(type);
    }

    /// All schemas that were referred to.
    ObjectNode definitions() {
        ObjectNode definitions = builder.collectDefinitions("components/schemas");
        for (JsonNode definition : definitions) {
            if (definition.path("discriminator").path("mapping") instanceof ObjectNode mapping) {
                fill(mapping, definition.path("oneOf"));
            }
        }
        return definitions;
    }

    /// Where the schemas are is known only at the end; both name the same in one order.
    private static void fill(ObjectNode mapping, JsonNode alternatives) {
        int next = 0;
        for (String name : List.copyOf(mapping.propertyNames())) {
            mapping.set(name, alternatives.path(next++).path("$ref"));
        }
    }

    /// One of several, for a type that is not among them itself.
    private static @Nullable CustomDefinition alternatives(
            ResolvedType type, SchemaGenerationContext context) {
        Optional<Alternatives> found =
                Alternatives.of(type.getErasedType())
                        .filter(each -> !each.types().containsValue(type.getErasedType()));
        if (found.isEmpty()) {
            return null;
        }
        ObjectNode schema = Json.mapper().createObjectNode();
        ArrayNode oneOf = schema.putArray("oneOf");
        ObjectNode discriminator = schema.putObject("discriminator");
        discriminator.put("propertyName", found.get().property());
        ObjectNode mapping = discriminator.putObject("mapping");
        found.get()
                .types()
                .forEach((name, each) -> {
                    oneOf.add(
                            context.createDefinitionReference(
                                    context.getTypeContext().resolve(each)));
                    mapping.putNull(name);
                });
        return new CustomDefinition(schema);
    }

    /// The property by which one of several is known, where its own type has none of that name.
    private static void tellApart(
            ObjectNode schema, TypeScope scope, SchemaGenerationContext context) {
        Class<?> type = scope.getType().getErasedType();
        Alternatives.of(type)
                .ifPresent(alternatives ->
                        alternatives
                                .types()
                                .forEach((name, each) -> {
                                    if (each == type) {
                                        schema.withObjectProperty("properties")
                                                .putObject(alternatives.property())
                                                .put("type", "string")
                                                .put("const", name);
                                        schema.withArrayProperty("required")
                                                .add(alternatives.property());
                                    }
                                }));
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

    private static @Nullable String meaning(FieldScope field) {
        return field.isFakeContainerItemScope()
                ? null
                : component(field)
                        .map(each ->
                                each.getAccessor().getAnnotation(JsonPropertyDescription.class))
                        .map(JsonPropertyDescription::value)
                        .orElse(null);
    }

    private static @Nullable String meaningOfAll(TypeScope scope) {
        JsonClassDescription said =
                scope.getType().getErasedType().getAnnotation(JsonClassDescription.class);
        return said == null ? null : said.value();
    }

    private static @Nullable String renamed(FieldScope field) {
        return component(field)
                .map(each -> each.getAccessor().getAnnotation(JsonProperty.class))
                .map(JsonProperty::value)
                .filter(name -> !name.isEmpty())
                .orElse(null);
    }
}
