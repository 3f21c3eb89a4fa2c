package dev.hearth.web.json;

/// One error of a document: a JSON Pointer to it (empty for the whole) and what is wanted there.
record Fault(String pointer, String detail) {

    /// The pointer of a property path such as `lines[0].quantity`.
    static String pointer(String propertyPath) {
        StringBuilder pointer = new StringBuilder();
        for (String part : propertyPath.replace("[", ".").replace("]", "").split("\\.", -1)) {
            if (!part.isEmpty()) {
                pointer.append('/').append(escape(part));
            }
        }
        return pointer.toString();
    }

    /// A name as a reference token (RFC 6901 section 3).
    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
