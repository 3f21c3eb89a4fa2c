package dev.hearth.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/// Header fields in the order they were added. Names compare without case; a name may come more than once.
///
/// Immutable: `with` and `without` give new ones. A name that is not a token or a value with CR, LF or NUL
/// cannot be put in (RFC 9110 section 5.5), so no header can ever split a response.
public final class Headers {

    /// No headers.
    public static final Headers EMPTY = new Headers(new String[0]);

    private final String[] namesAndValues; // name, value, name, value …

    private Headers(String[] namesAndValues) {
        this.namesAndValues = namesAndValues;
    }

    /// One header.
    public static Headers of(String name, String value) {
        return EMPTY.with(name, value);
    }

    /// Collects many headers at the cost of one copy.
    public static Builder builder() {
        return new Builder();
    }

    /// Collects headers; checks each as [Headers#with] does. Used by one thread.
    public static final class Builder {
        private String[] namesAndValues = new String[32];
        private int used;

        private Builder() {}

        /// Adds one more, behind any of the same name.
        public Builder add(String name, String value) {
            requireName(name);
            requireValue(name, value);
            if (used == namesAndValues.length) {
                namesAndValues = Arrays.copyOf(namesAndValues, 2 * used);
            }
            namesAndValues[used++] = name;
            namesAndValues[used++] = value;
            return this;
        }

        /// What was added.
        public Headers build() {
            return new Headers(Arrays.copyOf(namesAndValues, used));
        }
    }

    /// These headers and one more, behind any of the same name.
    ///
    /// @throws IllegalArgumentException if the name is not a token or the value holds CR, LF, NUL or a
    ///     character above U+00FF
    public Headers with(String name, String value) {
        requireName(name);
        requireValue(name, value);
        String[] more = Arrays.copyOf(namesAndValues, namesAndValues.length + 2);
        more[more.length - 2] = name;
        more[more.length - 1] = value;
        return new Headers(more);
    }

    /// These headers and those, behind.
    public Headers with(Headers more) {
        int length = namesAndValues.length;
        String[] both = Arrays.copyOf(namesAndValues, length + more.namesAndValues.length);
        System.arraycopy(more.namesAndValues, 0, both, length, more.namesAndValues.length);
        return new Headers(both);
    }

    /// These headers without any of this name.
    public Headers without(String name) {
        if (!contains(name)) {
            return this;
        }
        List<String> kept = new ArrayList<>(namesAndValues.length);
        forEach((other, value) -> {
            if (!other.equalsIgnoreCase(name)) {
                kept.add(other);
                kept.add(value);
            }
        });
        return new Headers(kept.toArray(String[]::new));
    }

    /// These headers with exactly one of this name.
    public Headers replace(String name, String value) {
        return without(name).with(name, value);
    }

    /// The first value of this name.
    public Optional<String> first(String name) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].equalsIgnoreCase(name)) {
                return Optional.of(namesAndValues[i + 1]);
            }
        }
        return Optional.empty();
    }

    /// Every value of this name, in order.
    public List<String> all(String name) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].equalsIgnoreCase(name)) {
                found.add(namesAndValues[i + 1]);
            }
        }
        return List.copyOf(found);
    }

    /// Whether there is a header of this name.
    public boolean contains(String name) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /// The names, lower-case, each once.
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        forEach((name, _) -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /// How many header lines there are.
    public int size() {
        return namesAndValues.length / 2;
    }

    /// The name of line `index`, counted from 0.
    public String name(int index) {
        return namesAndValues[2 * index];
    }

    /// The value of line `index`, counted from 0.
    public String value(int index) {
        return namesAndValues[2 * index + 1];
    }

    /// Calls back with each name and value, in order.
    public void forEach(BiConsumer<String, String> each) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            each.accept(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    /// Names only: values may hold credentials.
    @Override
    public String toString() {
        return "Headers" + names();
    }

    /// Whether this could be the name of a header, or of a method: a token (RFC 9110 section 5.6.2).
    public static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isTokenCharacter((char) c));
    }

    private static void requireName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a header's name must not be empty");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                throw new IllegalArgumentException(
                        "a header's name is a token (RFC 9110 section 5.6.2); character %d of it is U+%04X"
                                .formatted(i, (int) name.charAt(i)));
            }
        }
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static void requireValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException(
                        "the value of header %s holds U+%04X at %d".formatted(name, (int) c, i));
            }
        }
    }
}
