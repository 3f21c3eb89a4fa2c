package dev.hearth.web.openapi;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The document as a page for people: no script, no picture, no request.
final class DocsPage {
    private static final String STYLE =
            """
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
            h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; overflow-wrap: anywhere }
            h2 code { font-weight: 600 }
            table { border-collapse: collapse; margin: .5rem 0 }
            th, td { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top }
            pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: .4rem }
            a { color: inherit }
            """;

    private final StringBuilder html = new StringBuilder(8_192);

    private DocsPage() {}

    static String of(ObjectNode document) {
        return new DocsPage().write(document);
    }

    private String write(ObjectNode document) {
        String title = document.path("info").path("title").asString();
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.append("<meta name=\"viewport\" content=\"width=device-width\"><title>");
        text(title).append("</title><style>").append(STYLE).append("</style></head><body>\n<h1>");
        text(title).append("</h1>\n<p>Version ");
        text(document.path("info").path("version").asString());
        html.append(" · <a href=\"openapi.json\">OpenAPI 3.1</a></p>\n<main>\n");
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                operation(operation.getKey(), path.getKey(), operation.getValue());
            }
        }
        html.append("</main>\n");
        schemes(document.path("components").path("securitySchemes"));
        html.append("<h1>Types</h1>\n");
        for (Map.Entry<String, JsonNode> schema :
                document.path("components").path("schemas").properties()) {
            html.append("<h2 id=\"type-");
            text(schema.getKey()).append("\"><code>");
            text(schema.getKey()).append("</code></h2>\n<pre>");
            text(schema.getValue().toPrettyString()).append("</pre>\n");
        }
        return html.append("</body></html>\n").toString();
    }

    private void operation(String method, String path, JsonNode operation) {
        html.append("<section>\n<h2><code>");
        text(method.toUpperCase(Locale.ROOT)).append(' ');
        text(path).append("</code></h2>\n");
        if (operation.has("summary")) {
            html.append("<p>");
            text(operation.path("summary").asString()).append("</p>\n");
        }
        parameters(operation.path("parameters"));
        html.append("<table>\n");
        security(operation.path("security"));
        if (operation.has("requestBody")) {
            row("Body", type(content(operation.path("requestBody"))), "");
        }
        for (Map.Entry<String, JsonNode> answer : operation.path("responses").properties()) {
            row(
                    answer.getKey().equals("default") ? "Else" : answer.getKey(),
                    type(content(answer.getValue())),
                    answer.getValue().path("description").asString());
        }
        html.append("</table>\n</section>\n");
    }

    private void parameters(JsonNode parameters) {
        if (parameters.isEmpty()) {
            return;
        }
        html.append("<table>\n");
        for (JsonNode parameter : parameters) {
            row(
                    parameter.path("name").asString(),
                    parameter.path("in").asString() + ", " + type(parameter.path("schema")),
                    parameter.path("description").asString());
        }
        html.append("</table>\n");
    }

    private void row(String head, String type, String meaning) {
        html.append("<tr><th scope=\"row\">");
        text(head).append("</th><td><code>");
        text(type).append("</code></td><td>");
        text(meaning).append("</td></tr>\n");
    }

    /// The schema of a body, which has one media type.
    private static JsonNode content(JsonNode holder) {
        return holder.path("content").valueStream().findFirst().orElse(holder).path("schema");
    }

    /// One line for each way in.
    private void security(JsonNode ways) {
        String head = "Needs";
        for (JsonNode way : ways) {
            row(
                    head,
                    way.isEmpty() ? "nothing" : String.join(" and ", way.propertyNames()),
                    way.valueStream()
                            .flatMap(JsonNode::valueStream)
                            .map(scope -> "scope " + scope.asString())
                            .collect(Collectors.joining(", ")));
            head = "or";
        }
    }

    private void schemes(JsonNode schemes) {
        if (schemes.isEmpty()) {
            return;
        }
        html.append("<h1>Credentials</h1>\n<table>\n");
        for (Map.Entry<String, JsonNode> scheme : schemes.properties()) {
            JsonNode what = scheme.getValue();
            row(
                    scheme.getKey(),
                    what.has("scheme")
                            ? "Authorization: " + what.path("scheme").asString()
                            : "Cookie: " + what.path("name").asString(),
                    what.path("description").asString(""));
        }
        html.append("</table>\n");
    }

    private static String type(JsonNode schema) {
        if (schema.has("$ref")) {
            String reference = schema.path("$ref").asString();
            return reference.substring(reference.lastIndexOf('/') + 1);
        }
        if (schema.has("items")) {
            return "array of " + type(schema.path("items"));
        }
        JsonNode type = schema.path("type");
        if (type.isArray()) { // such as ["string", "null"]
            return type.valueStream().map(JsonNode::asString).collect(Collectors.joining(" or "));
        }
        return schema.isEmpty() ? "" : type.asString("any");
    }

    /// The only way from a text into the page.
    private StringBuilder text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '&' -> html.append("&amp;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
        return html;
    }
}
