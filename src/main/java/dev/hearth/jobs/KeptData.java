package dev.hearth.jobs;

/// What is kept for a job that was put off: the program's data as JSON, and the origin of [JobLayer].
///
/// The origin is the first member of the JSON, so that neither an older program nor an operator meets anything but
/// JSON. Data that is no object has no room for it.
final class KeptData {
    private final byte[] json;
    private final String origin;

    KeptData(byte[] json, String origin) {
        this.json = json;
        this.origin = origin;
    }

    /// The JSON, without the origin when it was just made; one that was read may hold it.
    byte[] json() {
        return json;
    }

    String origin() {
        return origin;
    }
}
