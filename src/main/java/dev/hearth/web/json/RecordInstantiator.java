package dev.hearth.web.json;

import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;
import tools.jackson.databind.deser.std.StdValueInstantiator;
import tools.jackson.databind.introspect.AnnotatedConstructor;

/// Makes records by reflection, which makes its way to a constructor once. Jackson's own spreads the arguments over a
/// method handle, and derives that handle anew for each value.
final class RecordInstantiator extends StdValueInstantiator {
    private final AnnotatedConstructor constructor;

    private RecordInstantiator(StdValueInstantiator usual, AnnotatedConstructor constructor) {
        super(usual);
        this.constructor = constructor;
    }

    /// For every record that is made by a constructor from its fields.
    static ValueInstantiators forRecords() {
        return new ValueInstantiators.Base() {
            @Override
            public ValueInstantiator modifyValueInstantiator(
                    DeserializationConfig config,
                    BeanDescription.Supplier description,
                    ValueInstantiator usual) {
                return usual.getClass() == StdValueInstantiator.class
                                && usual.getValueClass().isRecord()
                                && usual.getWithArgsCreator() instanceof AnnotatedConstructor made
                        ? new RecordInstantiator((StdValueInstantiator) usual, made)
                        : usual;
            }
        };
    }

    @Override
    public @Nullable Object createFromObjectWith(
            DeserializationContext context, @Nullable Object[] arguments) {
        try {
            return constructor.getAnnotated().newInstance(arguments);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof Error error) {
                throw error;
            }
            return refuse(context, arguments, refused.getCause());
        } catch (ReflectiveOperationException
                | IllegalArgumentException
                | NullPointerException unfit) {
            return refuse(context, arguments, unfit);
        }
    }

    private @Nullable Object refuse(
            DeserializationContext context, @Nullable Object[] arguments, @Nullable Throwable why) {
        return context.handleInstantiationProblem(
                getValueClass(), arguments, rewrapCtorProblem(context, why));
    }
}
