package dev.hearth.web.openapi;

import dev.hearth.web.Security;
import dev.hearth.web.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How the routes of one document are secured: the schemes that they name, each once.
final class SecuritySchemes {
    private final Map<String, Security> named = new LinkedHashMap<>();

    /// The requirement of one route, from what is asked for around it, outermost first. Everything is wanted together,
    /// scopes of the credentials that were asked for last before them; cookies may be missing, so that there is a
    /// second way without. Empty where nobody is asked for anything.
    ArrayNode requirement(List<Security> asked) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        Map<String, List<String>> least = new LinkedHashMap<>();
        List<String> scopes = new ArrayList<>(); // of credentials that no layer of ours asks for
        for (Security each : asked) {
            switch (each) {
                case Security.Credentials credentials -> {
                    scopes = new ArrayList<>();
                    String name = nameOf(credentials, credentials.name());
                    all.put(name, scopes);
                    least.put(name, scopes);
                }
                case Security.Cookie cookie ->
                        all.put(nameOf(cookie, cookie.name()), new ArrayList<>());
                case Security.Scope(String scope) -> scopes.add(scope);
            }
        }
        ArrayNode ways = Json.mapper().createArrayNode();
        if (!all.isEmpty()) {
            write(all, ways.addObject());
        }
        if (least.size() < all.size()) {
            write(least, ways.addObject());
        }
        return ways;
    }

    private static void write(Map<String, List<String>> way, ObjectNode node) {
        way.forEach((name, scopes) -> scopes.forEach(node.putArray(name)::add));
    }

    /// The name in the document; numbered where another scheme has it already, as that of a second issuer's tokens.
    private String nameOf(Security scheme, String wanted) {
        String name = wanted;
        for (int number = 2; !scheme.equals(named.getOrDefault(name, scheme)); number++) {
            name = wanted + "-" + number;
        }
        named.put(name, scheme);
        return name;
    }

    /// The schemes that requirements have named, for the document's components.
    ObjectNode schemes() {
        ObjectNode schemes = Json.mapper().createObjectNode();
        named.forEach((name, scheme) -> describe(scheme, schemes.putObject(name)));
        return schemes;
    }

    private static void describe(Security scheme, ObjectNode node) {
        switch (scheme) {
            case Security.Credentials(_, String word, String format, String meaning) -> {
                node.put("type", "http").put("scheme", word);
                if (!format.isEmpty()) {
                    node.put("bearerFormat", format);
                }
                describeIn(node, meaning);
            }
            case Security.Cookie(_, String cookie, String meaning) -> {
                node.put("type", "apiKey").put("in", "cookie").put("name", cookie);
                describeIn(node, meaning);
            }
            case Security.Scope _ -> throw new IllegalStateException("a scope is no scheme");
        }
    }

    private static void describeIn(ObjectNode node, String meaning) {
        if (!meaning.isEmpty()) {
            node.put("description", meaning);
        }
    }
}
