package dev.hearth.app;

/// Which Hearth this is.
final class Version {
    private Version() {}

    /// The number in the jar's manifest; `development` where classes run outside of a jar.
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
