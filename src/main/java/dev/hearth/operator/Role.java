package dev.hearth.operator;

import java.util.Locale;

/// What an operator may do.
public enum Role {
    /// Look at everything.
    VIEWER,
    /// Look, and act: replay, refund, retry.
    OPERATOR;

    /// As it stands in the table and on the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The role of this name.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Role parse(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new IllegalArgumentException(
                "a role is viewer or operator, was \"%s\"".formatted(word));
    }
}
