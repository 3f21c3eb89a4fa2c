package dev.hearth.web.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.jsontype.NamedType;

/// The types that may stand for one in JSON, and the property that tells them apart.
///
/// A sealed interface of records is read and written so, once it says by which property; Jackson finds the records itself:
///
/// {@snippet lang=java :
/// @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
/// sealed interface Payment {
///     @JsonTypeName("card")
///     record Card(String number) implements Payment {}
///
///     @JsonTypeName("invoice")
///     record Invoice(String address, int days) implements Payment {}
/// }
/// }
///
/// A `Payment` is then `{"kind": "card", "number": "…"}`, wherever it stands. `@JsonSubTypes` on the interface may give the
/// names as well; `Id.SIMPLE_NAME` takes those of the classes. Without `@JsonTypeInfo` a sealed type can be written, but
/// not read. Where the type is not known at run time, as of the elements of a `List` that is the whole answer, the property
/// is not written: give [Json#handler] the type `Payment[].class`, or put the list into a record.
///
/// @param types by the value of the property
public record Alternatives(String property, Map<String, Class<?>> types) {
    private static final ClassValue<Optional<Alternatives>> FOUND =
            new ClassValue<>() {
                @Override
                protected Optional<Alternatives> computeValue(Class<?> type) {
                    return find(type);
                }
            };

    public Alternatives {
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types)); // in the order they have
    }

    /// What may stand for this type, which may be the type alone; nothing where its values are not told apart, or by other
    /// means than a name in a property.
    public static Optional<Alternatives> of(Class<?> type) {
        return FOUND.get(type);
    }

    private static Optional<Alternatives> find(Class<?> type) {
        if (type.isPrimitive() || type.isArray() || type.isEnum()) {
            return Optional.empty();
        }
        DeserializationConfig config = Json.mapper().deserializationConfig();
        AnnotatedClass annotated =
                config.classIntrospectorInstance()
                        .introspectClassAnnotations(config.constructType(type));
        JsonTypeInfo.@Nullable Value info =
                config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, annotated);
        if (info == null || !isNameInProperty(info)) {
            return Optional.empty();
        }
        Map<String, Class<?>> types = new LinkedHashMap<>();
        for (NamedType each :
                config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, annotated)) {
            // What an annotation further up names stands there for more than this type.
            if (type.isAssignableFrom(each.getType())
                    && !Modifier.isAbstract(each.getType().getModifiers())) {
                types.put(name(each, info.getIdType()), each.getType());
            }
        }
        return types.isEmpty()
                ? Optional.empty()
                : Optional.of(new Alternatives(property(info), types));
    }

    private static boolean isNameInProperty(JsonTypeInfo.Value info) {
        return info.getInclusionType() == JsonTypeInfo.As.PROPERTY
                && info.getDefaultImpl() == null
                && !info.getIdVisible()
                && (info.getIdType() == JsonTypeInfo.Id.NAME
                        || info.getIdType() == JsonTypeInfo.Id.SIMPLE_NAME);
    }

    private static String property(JsonTypeInfo.Value info) {
        String named = info.getPropertyName();
        return named == null || named.isEmpty() ? info.getIdType().getDefaultPropertyName() : named;
    }

    /// Jackson's name for a type that was given none: its class's, without the package, and of a simple name
    /// without the classes around it.
    private static String name(NamedType type, JsonTypeInfo.Id id) {
        if (type.hasName()) {
            return type.getName();
        }
        String name = type.getType().getName();
        int end = name.lastIndexOf('.');
        if (id == JsonTypeInfo.Id.SIMPLE_NAME) {
            end = Math.max(end, name.lastIndexOf('$'));
        }
        return name.substring(end + 1);
    }
}
