package dev.hearth.web;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Where in a request parameters stand, and how it is refused when they are wrong.
enum ParameterPlace {
    PATH(400, "bad-parameters", "Some parameters are missing or wrong; each is listed."),
    QUERY(400, "bad-parameters", "Some parameters are missing or wrong; each is listed."),
    HEADER(400, "bad-parameters", "Some parameters are missing or wrong; each is listed."),
    FORM(422, "invalid-form", "Some fields are missing or wrong; each is listed.");

    private final int status;
    private final String problem;
    private final String detail;

    ParameterPlace(int status, String problem, String detail) {
        this.status = status;
        this.problem = problem;
        this.detail = detail;
    }

    /// What is wrong with one parameter.
    Map<String, Object> error(String name, String what) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("parameter", name);
        error.putAll(error(what));
        return error;
    }

    /// What is wrong with all of them together.
    Map<String, Object> error(String what) {
        return Problem.error("in", name().toLowerCase(Locale.ROOT), what);
    }

    RefusedException refusal(List<Map<String, Object>> errors) {
        return Problem.of(status, problem, detail).with("errors", errors).refuse();
    }
}
