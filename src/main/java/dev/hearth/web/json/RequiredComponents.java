package dev.hearth.web.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/// A record needs each of its components, except those that may be absent by their type.
final class RequiredComponents extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    /// Whether a field may be missing or null: an Optional, or annotated `@Nullable` (anyone's).
    static boolean mayBeAbsent(RecordComponent component) {
        Class<?> type = component.getType();
        return type == Optional.class
                || type == OptionalInt.class
                || type == OptionalLong.class
                || type == OptionalDouble.class
                || hasNullable(component.getAnnotatedType().getAnnotations())
                || hasNullable(component.getAnnotations());
    }

    private static boolean hasNullable(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .anyMatch(each -> each.annotationType().getSimpleName().equals("Nullable"));
    }

    private static Optional<RecordComponent> component(Annotated annotated) {
        if (annotated instanceof AnnotatedParameter parameter
                && parameter.getDeclaringClass().isRecord()
                && parameter.getOwner().getParameterCount()
                        == parameter.getDeclaringClass().getRecordComponents().length) {
            RecordComponent[] all = parameter.getDeclaringClass().getRecordComponents();
            return Optional.of(all[parameter.getIndex()]);
        }
        return Optional.empty();
    }

    @Override
    public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        Boolean said = super.hasRequiredMarker(config, member);
        Optional<RecordComponent> component = component(member);
        if (Boolean.TRUE.equals(said) || component.isEmpty()) {
            return said;
        }
        return !mayBeAbsent(component.get());
    }

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        Optional<RecordComponent> component = component(annotated);
        if (component.isEmpty()) {
            return super.findSetterInfo(config, annotated);
        }
        Nulls itself = mayBeAbsent(component.get()) ? Nulls.DEFAULT : Nulls.FAIL;
        return JsonSetter.Value.construct(itself, Nulls.FAIL); // what is in a list is there
    }
}
