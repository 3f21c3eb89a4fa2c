package dev.hearth.app;

/// A value that must not be seen: a key, a password. Prints as `•••`, wherever it is printed.
public record Secret(String value) {

    /// @throws IllegalArgumentException if it is empty: an empty secret would accept every forgery
    public Secret {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
    }

    @Override
    public String toString() {
        return "•••";
    }
}
