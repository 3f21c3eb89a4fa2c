package dev.hearth.web.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.RefusedException;
import dev.hearth.http.Requests;
import dev.hearth.http.Responses;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Bodies of JSON in tests, and what is told of them.
final class JsonBodies {
    private JsonBodies() {}

    static <T> T read(String body, Class<T> type) throws IOException {
        return Json.read(Requests.post("/", "application/json", body), type);
    }

    /// Pointer to sentence.
    static Map<String, String> errors(RefusedException refused) throws Exception {
        assertThat(refused.problem().status()).isEqualTo(422);
        Map<String, String> errors = new TreeMap<>();
        JsonNode problem = Json.mapper().readTree(Responses.bytes(refused.toResponse()));
        for (JsonNode error : problem.path("errors")) {
            errors.put(error.path("pointer").asString(), error.path("detail").asString());
        }
        return errors;
    }
}
