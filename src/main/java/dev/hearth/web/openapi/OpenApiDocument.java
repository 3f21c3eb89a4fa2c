package dev.hearth.web.openapi;

import dev.hearth.http.Status;
import dev.hearth.web.Operation;
import dev.hearth.web.Route;
import dev.hearth.web.Security;
import dev.hearth.web.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Builds one OpenAPI 3.1 document.
final class OpenApiDocument {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+?)(\\.\\.\\.)?}");
    private static final Set<String> METHODS =
            Set.of("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE");

    private final Schemas schemas = new Schemas();
    private final SecuritySchemes security = new SecuritySchemes();
    private final Set<String> operationIds = new HashSet<>();
    private final ObjectNode document = Json.mapper().createObjectNode();

    OpenApiDocument(String title, String version) {
        document.put("openapi", "3.1.0");
        document.putObject("info").put("title", title).put("version", version);
    }

    ObjectNode describe(List<Route> routes) {
        ObjectNode paths = document.putObject("paths");
        List<Route> described = routes.stream().filter(OpenApiDocument::isDescribed).toList();
        Set<String> singles =
                described.stream()
                        .filter(route -> !takesRest(route))
                        .map(OpenApiDocument::place)
                        .collect(Collectors.toSet());
        for (Route route : described) {
            if (!takesRest(route) || !singles.contains(place(route))) {
                String path = PARAMETER.matcher(route.pattern()).replaceAll("{$1}");
                paths.withObjectProperty(path)
                        .set(
                                route.method().toLowerCase(Locale.ROOT),
                                describe(route, path, Operation.of(route.handler())));
            }
        }
        ObjectNode definitions = schemas.definitions();
        definitions.set("Problem", problem());
        ObjectNode components = document.putObject("components");
        components.set("schemas", definitions);
        ObjectNode schemes = security.schemes();
        if (!schemes.isEmpty()) {
            components.set("securitySchemes", schemes);
        }
        return document;
    }

    private static boolean isDescribed(Route route) {
        return !Operation.of(route.handler()).hidden() && METHODS.contains(route.method());
    }

    private static boolean takesRest(Route route) {
        return route.pattern().endsWith("...}");
    }

    /// What OpenAPI tells paths apart by: neither the names of parameters nor how many segments they take.
    private static String place(Route route) {
        return PARAMETER.matcher(route.pattern()).replaceAll("{}");
    }

    private ObjectNode describe(Route route, String path, Operation operation) {
        ObjectNode node = Json.mapper().createObjectNode();
        if (!operation.summary().isEmpty()) {
            node.put("summary", operation.summary());
        }
        node.put("operationId", operationId(route, path));
        List<Operation.Parameter> parameters = parameters(route, operation);
        if (!parameters.isEmpty()) {
            ArrayNode list = node.putArray("parameters");
            parameters.forEach(parameter -> list.add(describe(parameter)));
        }
        operation.accepted().ifPresent(type -> describeBody(node, type));
        ArrayNode ways = security.requirement(route.security());
        if (!ways.isEmpty()) {
            node.set("security", ways);
        }
        describeAnswers(node.putObject("responses"), operation, route.security());
        return node;
    }

    /// Numbered where another route has it already, as `/a/b` and `/a-b`.
    private String operationId(Route route, String path) {
        String words = path.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
        String wanted =
                route.method().toLowerCase(Locale.ROOT) + (words.isEmpty() ? "" : "_" + words);
        String id = wanted;
        for (int number = 2; !operationIds.add(id); number++) {
            id = wanted + "_" + number;
        }
        return id;
    }

    /// Those of the path in its order, typed where the operation says so, then the others.
    private static List<Operation.Parameter> parameters(Route route, Operation operation) {
        List<Operation.Parameter> all = new ArrayList<>();
        Matcher inPath = PARAMETER.matcher(route.pattern());
        while (inPath.find()) {
            String name = inPath.group(1);
            all.add(
                    operation.parameters().stream()
                            .filter(each -> each.in().equals("path") && each.name().equals(name))
                            .findFirst()
                            .orElse(new Operation.Parameter("path", name, String.class, true, "")));
        }
        operation.parameters().stream().filter(each -> !each.in().equals("path")).forEach(all::add);
        return all;
    }

    private ObjectNode describe(Operation.Parameter parameter) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("name", parameter.name()).put("in", parameter.in());
        if (!parameter.meaning().isEmpty()) {
            node.put("description", parameter.meaning());
        }
        if (parameter.required()) {
            node.put("required", true);
        }
        node.set("schema", schemas.of(parameter.type()));
        return node;
    }

    private void describeBody(ObjectNode node, Class<?> type) {
        ObjectNode body = node.putObject("requestBody").put("required", true);
        body.putObject("content").putObject("application/json").set("schema", schemas.of(type));
    }

    private void describeAnswers(ObjectNode responses, Operation operation, List<Security> asked) {
        ObjectNode good =
                responses
                        .putObject(String.valueOf(operation.status()))
                        .put("description", Status.reason(operation.status()));
        operation
                .returned()
                .ifPresent(type ->
                        good.putObject("content")
                                .putObject("application/json")
                                .set("schema", schemas.of(type)));
        if (asked.stream().anyMatch(each -> !(each instanceof Security.Cookie))) {
            ObjectNode unknown =
                    describeProblem(responses, "401", "The credentials are missing or not valid.");
            unknown.putObject("headers")
                    .putObject("WWW-Authenticate")
                    .put("description", "The scheme by which to come again (RFC 9110).")
                    .putObject("schema")
                    .put("type", "string");
        }
        if (asked.stream().anyMatch(each -> each instanceof Security.Scope)) {
            describeProblem(responses, "403", "The sender does not have the scope.");
        }
        describeProblem(responses, "default", "What went wrong (RFC 9457).");
    }

    private static ObjectNode describeProblem(ObjectNode responses, String status, String meaning) {
        ObjectNode answer = responses.putObject(status).put("description", meaning);
        answer.putObject("content")
                .putObject("application/problem+json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
        return answer;
    }

    private static ObjectNode problem() {
        ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("type").put("type", "string").put("format", "uri");
        properties.putObject("title").put("type", "string");
        properties.putObject("status").put("type", "integer");
        properties.putObject("detail").put("type", "string");
        properties
                .putObject("errors")
                .put("type", "array")
                .put("description", "Every error, where a body or parameters have some.")
                .set("items", problemsError());
        schema.putArray("required").add("type").add("title").add("status").add("detail");
        return schema;
    }

    private static ObjectNode problemsError() {
        ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        describe(properties, "pointer", "Of a JSON body: where in it, a JSON Pointer (RFC 6901).");
        describe(properties, "parameter", "Of parameters: the name of the one that is wrong.");
        describe(properties, "in", "Of parameters: where they stand.")
                .putArray("enum")
                .add("path")
                .add("query")
                .add("header")
                .add("form");
        describe(properties, "detail", "What is wrong there, for people.");
        schema.putArray("required").add("detail");
        return schema;
    }

    private static ObjectNode describe(ObjectNode properties, String name, String meaning) {
        return properties.putObject(name).put("type", "string").put("description", meaning);
    }
}
