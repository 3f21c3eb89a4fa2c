package dev.hearth.app;

import sun.misc.Signal;

/// Signals of the operating system.
///
/// `sun.misc.Signal` is the only way to them that the JDK has. The compiler warns of it in a way that nothing silences,
/// so this class is compiled by itself, before all others: in all others a warning fails the build. By reflection it
/// would need a proxy, whose making is a fifteenth of a start.
final class SystemSignals {
    private SystemSignals() {}

    /// Runs an action on each arrival of a signal, such as `TERM`, in a thread of its own, in place of
    /// what the JVM would do.
    ///
    /// @return false if the JVM does not allow it: it was started with `-Xrs`, or needs the signal itself
    static boolean on(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), _ -> action.run());
            return true;
        } catch (IllegalArgumentException notAllowed) {
            return false;
        }
    }
}
