package dev.hearth.web;

import dev.hearth.http.Query;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a record of the parameters with its components' names. One per record type, kept by the JVM with the type.
final class RecordBinder {
    private static final ClassValue<RecordBinder> BINDERS =
            new ClassValue<>() {
                @Override
                protected RecordBinder computeValue(Class<?> type) {
                    return new RecordBinder(type);
                }
            };

    private final RecordComponent[] components;
    private final Constructor<?> constructor;

    private RecordBinder(Class<?> type) {
        components = type.getRecordComponents();
        for (RecordComponent component : components) {
            if (!Texts.canRead(Texts.element(component.getGenericType()))) {
                throw new WiringException(
                        "%s.%s: a parameter cannot be a %s"
                                .formatted(
                                        type.getName(),
                                        component.getName(),
                                        component.getGenericType().getTypeName()));
            }
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError("every record has this constructor", impossible);
        }
        constructor.setAccessible(true);
    }

    static RecordBinder of(Class<?> type) {
        return BINDERS.get(type);
    }

    /// @throws dev.hearth.http.RefusedException that lists every parameter missing or wrong
    Object bind(Query values, ParameterPlace place) {
        List<Map<String, Object>> errors = new ArrayList<>();
        @Nullable Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = argument(components[i], values, place, errors);
        }
        if (!errors.isEmpty()) {
            throw place.refusal(errors);
        }
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof IllegalArgumentException ownCheck) {
                throw place.refusal(List.of(place.error(String.valueOf(ownCheck.getMessage()))));
            }
            throw new IllegalStateException(constructor + " failed", thrown.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("made accessible at the start", impossible);
        }
    }

    private static @Nullable Object argument(
            RecordComponent component,
            Query values,
            ParameterPlace place,
            List<Map<String, Object>> errors) {
        String name = component.getName();
        Class<?> element = Texts.element(component.getGenericType());
        List<Object> read = new ArrayList<>();
        for (String text : values.all(name)) {
            Texts.read(element, text)
                    .ifPresentOrElse(
                            read::add,
                            () ->
                                    errors.add(
                                            place.error(name, "must be " + Texts.wanted(element))));
        }
        if (component.getType() == List.class) {
            return List.copyOf(read);
        }
        Optional<Object> first = read.isEmpty() ? Optional.empty() : Optional.of(read.getFirst());
        if (component.getType() == Optional.class) {
            return first;
        }
        if (values.first(name).isEmpty()) {
            errors.add(place.error(name, "is missing"));
        }
        return first.orElse(null);
    }
}
