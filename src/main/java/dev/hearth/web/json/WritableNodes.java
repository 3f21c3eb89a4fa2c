package dev.hearth.web.json;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ValueNode;

/// Makes nodes of trees, of decimals only those that a [WritableDecimal] may be.
final class WritableNodes extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public ValueNode numberNode(@Nullable BigDecimal value) {
        if (value != null && !WritableDecimal.isWritable(value)) {
            throw new StreamConstraintsException(
                    "a number must have at most %d digits, written out"
                            .formatted(StrictMapper.MAX_NUMBER_LENGTH));
        }
        return super.numberNode(value);
    }
}
