package dev.hearth.web;

import java.util.Optional;

/// What stands before the content of a part.
record PartHead(String name, Optional<String> fileName, String contentType) {

    /// Reads the headers of a part: one line each, without the empty one.
    static PartHead parse(String headers) {
        String disposition = "";
        String contentType = "text/plain";
        for (String line : headers.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon).strip();
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Content-Disposition")) {
                disposition = value;
            } else if (name.equalsIgnoreCase("Content-Type")) {
                contentType = value;
            }
        }
        String dispositionHere = disposition;
        String name =
                MediaTypes.parameter(dispositionHere, "name")
                        .filter(_ -> MediaTypes.bare(dispositionHere).equals("form-data"))
                        .orElseThrow(() ->
                                MultipartReader.malformed(
                                        "Every part needs Content-Disposition: form-data with a name."));
        return new PartHead(
                name,
                MediaTypes.parameter(dispositionHere, "filename").map(PartHead::lastSegment),
                contentType);
    }

    /// Some browsers sent whole paths.
    private static String lastSegment(String fileName) {
        return fileName.substring(
                Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
    }
}
