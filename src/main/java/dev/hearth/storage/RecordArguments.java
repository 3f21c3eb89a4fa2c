package dev.hearth.storage;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.NamedArgumentFinder;
import org.jdbi.v3.core.statement.StatementContext;

/// Binds `:name` to the component `name` of a record. JDBI's own binding passes over records that are not
/// public, and those of a single-file program are not.
record RecordArguments(Record values) implements NamedArgumentFinder {
    @Override
    public Optional<Argument> find(String name, StatementContext context) {
        return Arrays.stream(values.getClass().getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .flatMap(component ->
                        context.findArgumentFor(component.getGenericType(), valueOf(component)));
    }

    private Object valueOf(RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(values);
        } catch (ReflectiveOperationException failed) {
            throw new IllegalArgumentException(
                    "component %s of %s cannot be read"
                            .formatted(component.getName(), values.getClass().getName()),
                    failed);
        }
    }

    @Override
    public Collection<String> getNames() {
        return Arrays.stream(values.getClass().getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }
}
