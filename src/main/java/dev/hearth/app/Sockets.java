package dev.hearth.app;

/// The JDK's own way to wait for sockets, by its name, where Hearth's launcher named the class path. The JDK would look
/// for another one first, and open each of fifty jars for it: a tenth of what is done until the first answer.
final class Sockets {
    private static final String CHOSEN = "java.nio.channels.spi.SelectorProvider";

    private Sockets() {}

    /// Has this process use it, unless the operator has named one or this is no Linux.
    static void choose() {
        if (System.getProperty("hearth.command") != null
                && System.getProperty(CHOSEN) == null
                && System.getProperty("os.name").equals("Linux")) {
            System.setProperty(CHOSEN, "sun.nio.ch.EPollSelectorProvider");
        }
    }
}
