package dev.hearth.http;

/// Names an attribute of a request and the type of its value. Compared by identity: keep it in a constant.
///
/// {@snippet lang=java :
/// static final Key<User> USER = Key.of("user");
/// request.put(USER, user);
/// User user = request.get(USER).orElseThrow();
/// }
@SuppressWarnings("UnusedTypeParameter") // the type is for get() and put()
public final class Key<T> {
    private final String name;

    private Key(String name) {
        this.name = name;
    }

    /// A new key; another of the same name is another key.
    public static <T> Key<T> of(String name) {
        return new Key<>(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
