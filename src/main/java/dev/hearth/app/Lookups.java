package dev.hearth.app;

import java.io.File;

/// What the JDK and libraries would look for in every jar at the start, answered beforehand. To open sixty jars
/// takes longer than all that Hearth does until its first answer; classes come out of the AOT cache.
final class Lookups {
    private static final String ONLY_JAR = "hearth.jar";
    private static final String LINUX_SELECTORS = "sun.nio.ch.EPollSelectorProvider";

    private Lookups() {}

    /// Answers what nobody has answered yet. Does nothing unless the class path is Hearth's own: elsewhere an
    /// application may bring a log, its set-up, and whatever else can be found.
    static void spare() {
        String classPath = System.getProperty("java.class.path", "");
        if (classPath.contains(File.pathSeparator)
                || !new File(classPath).getName().equals(ONLY_JAR)) {
            return;
        }
        if (System.getProperty("slf4j.provider") == null
                && System.getProperty("logback.configurationFile") == null) {
            System.setProperty("slf4j.provider", DirectLogback.class.getName());
            // It would announce the choice.
            System.setProperty("slf4j.internal.verbosity", "WARN");
        }
        if (System.getProperty("java.nio.channels.spi.SelectorProvider") == null
                && isThere(LINUX_SELECTORS)) {
            System.setProperty("java.nio.channels.spi.SelectorProvider", LINUX_SELECTORS);
        }
    }

    /// It is the JDK's default on Linux, and no part of its contract.
    private static boolean isThere(String name) {
        try {
            Class.forName(name, false, null);
            return true;
        } catch (ClassNotFoundException elsewhere) {
            return false;
        }
    }
}
