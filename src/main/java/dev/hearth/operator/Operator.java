package dev.hearth.operator;

import java.time.Instant;
import java.util.regex.Pattern;

/// A person who may use the operator site.
public record Operator(String name, Role role, Instant since) {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}@._-]{1,64}");

    /// @throws IllegalArgumentException if the name has other characters than letters, digits, `@`, `.`, `_` and `-`,
    ///     or is longer than 64
    public Operator {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a name has 1 to 64 letters, digits, @, ., _ and -, was \"%s\""
                            .formatted(name));
        }
    }

    boolean mayAct() {
        return role == Role.OPERATOR;
    }
}
