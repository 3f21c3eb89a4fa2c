package dev.hearth.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Installation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program of one Java file on a shared host, called by Apache through its first line.
class ScriptIT {
    @TempDir Path folder;

    private static String program(Path command) {
        return """
        #!%s run
        import dev.hearth.Hearth;
        import dev.hearth.http.Response;

        void main(String[] args) {
            Hearth.run(args, app -> app.get("/hello/{name}",
                    request -> Response.text("Hello, " + request.pathParameter("name") + request.rawQuery())));
        }
        """
                .formatted(command);
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    @Test
    void its_first_line_starts_it_and_no_word_of_a_query_does() throws Exception { // C21
        Path command = Installation.in(folder.resolve("hearth")).command();
        Path script = Files.createDirectories(folder.resolve("site")).resolve("hearth.cgi");
        Files.writeString(script, program(command));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Front apache = CgiFront.APACHE.start(folder, script)) {
            assertThat(get(apache.uri("/hello/world?-version")).body())
                    .as(apache.log())
                    .isEqualTo("Hello, world-version");
            assertThat(get(apache.uri("/nowhere")).statusCode()).isEqualTo(404);
            assertThat(get(apache.uri("/data/hearth.db")).statusCode()).isEqualTo(403);
        }
    }
}
