package dev.hearth.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The environment of this process as bytes, each one character.
///
/// [System#getenv] decodes with the charset of the locale. A web server starts CGI programs with no locale, and
/// every byte beyond ASCII would be lost; the kernel still has them.
final class CgiEnvironment {
    private static final Path KERNELS_COPY = Path.of("/proc/self/environ");

    private CgiEnvironment() {}

    /// The variables that this process was started with.
    static Map<String, String> read() throws IOException {
        if (!Files.isReadable(KERNELS_COPY)) {
            return System.getenv();
        }
        return parse(Files.readAllBytes(KERNELS_COPY));
    }

    /// Reads `NAME=value` pairs, each ended by NUL. A name that comes twice has its first value, as getenv(3)
    /// finds it.
    static Map<String, String> parse(byte[] block) {
        Map<String, String> variables = new LinkedHashMap<>();
        int start = 0;
        for (int end = 0; end < block.length; end++) {
            if (block[end] == 0) {
                add(variables, new String(block, start, end - start, StandardCharsets.ISO_8859_1));
                start = end + 1;
            }
        }
        return variables;
    }

    private static void add(Map<String, String> variables, String pair) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
            variables.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
        }
    }
}
