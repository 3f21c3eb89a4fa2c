package dev.hearth.app;

import java.lang.reflect.Proxy;

/// Signals of the operating system.
///
/// `sun.misc.Signal` is the only way to them that the JDK has. It is called by reflection because the
/// compiler warns of it in a way that no annotation silences, and warnings fail our build.
final class Signals {
    private Signals() {}

    /// Runs an action on each arrival of a signal, such as `TERM`, in a thread of its own, in place of
    /// what the JVM would do.
    ///
    /// @return false if the JVM does not allow it: it was started with `-Xrs`, or needs the signal itself
    static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calling =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, arguments) ->
                                    switch (method.getName()) {
                                        case "handle" -> {
                                            action.run();
                                            yield null;
                                        }
                                        case "equals" -> same(proxy, arguments[0]);
                                        case "hashCode" -> System.identityHashCode(proxy);
                                        default -> "on " + name;
                                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), calling);
            return true;
        } catch (ReflectiveOperationException notAllowed) {
            return false;
        }
    }

    @SuppressWarnings("ReferenceEquality") // a handler is itself and no other
    private static boolean same(Object handler, Object other) {
        return handler == other;
    }
}
