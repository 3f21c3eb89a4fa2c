package dev.hearth.web.json;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hearth.http.Problem;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Finds every error of a document that could not be read. Only runs once reading has failed: a good document does
/// not pay for it.
final class JsonFaults {
    /// More would help nobody.
    static final int MOST = 100;

    private static final JsonMapper LENIENT =
            Json.mapper()
                    .rebuild()
                    .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .nodeFactory(JsonNodeFactory.instance)
                    .build();

    private final JavaType type;
    private final List<Fault> faults = new ArrayList<>();

    JsonFaults(Class<?> type) {
        this.type = LENIENT.constructType(type);
    }

    /// The problem that tells all. `first` is what reading has met.
    Problem explain(byte[] document, JacksonException first) {
        JsonNode tree;
        try {
            findDuplicates(document);
            tree = LENIENT.readTree(document);
        } catch (JacksonException malformed) {
            return malformed(malformed);
        }
        compare(tree, type, "");
        if (faults.isEmpty()) {
            add(pointer("", first), "cannot be read");
        }
        return JsonReader.invalid(faults);
    }

    private static Problem malformed(JacksonException fault) {
        TokenStreamLocation at = fault.getLocation();
        String where =
                at == null
                        ? ""
                        : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
        return Problem.of(
                400,
                "malformed-json",
                "The body is not JSON%s: a syntax error, text behind the value, nested deeper than %d, or a number of more than %d digits."
                        .formatted(where, StrictMapper.MAX_DEPTH, StrictMapper.MAX_NUMBER_LENGTH));
    }

    private void add(String pointer, String detail) {
        if (faults.size() < MOST) {
            faults.add(new Fault(pointer, detail));
        }
    }

    private void findDuplicates(byte[] document) {
        Deque<Set<String>> names = new ArrayDeque<>();
        try (JsonParser parser = LENIENT.createParser(document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT -> names.push(new HashSet<>());
                    case END_OBJECT -> names.pop();
                    case PROPERTY_NAME -> {
                        if (!names.element().add(parser.currentName())) {
                            String pointer = parser.streamReadContext().pathAsPointer().toString();
                            add(pointer, "is there more than once");
                        }
                    }
                    default -> {}
                }
            }
        }
    }

    private void compare(JsonNode node, JavaType wanted, String pointer) {
        if (wanted.isReferenceType()) { // Optional
            if (!node.isNull()) {
                compare(node, wanted.getContentType(), pointer);
            }
        } else if (node.isMissingNode()) { // no document at all
            add(pointer, "is missing: the body is empty");
        } else if (node.isNull()) {
            add(pointer, "must not be null");
        } else if (isUntyped(wanted.getRawClass())) {
            compareUntyped(node, wanted, pointer);
        } else if (wanted.isCollectionLikeType() || wanted.isArrayType()) {
            compareElements(node, wanted, pointer);
        } else if (wanted.isMapLikeType()) {
            compareValues(node, wanted, pointer);
        } else {
            compareObject(node, wanted, pointer);
        }
    }

    private void compareObject(JsonNode node, JavaType wanted, String pointer) {
        Optional<Alternatives> alternatives = Alternatives.of(wanted.getRawClass());
        if (alternatives.isPresent()) {
            compareAlternative(node, wanted, alternatives.get(), pointer);
        } else if (wanted.getRawClass().isRecord()) {
            compareRecord(node, wanted, wanted, Optional.empty(), pointer);
        } else {
            convert(node, wanted, pointer);
        }
    }

    private void compareAlternative(
            JsonNode node, JavaType wanted, Alternatives alternatives, String pointer) {
        if (!node.isObject()) {
            add(pointer, "must be an object");
            return;
        }
        JsonNode name = node.path(alternatives.property());
        Class<?> chosen = name.isString() ? alternatives.types().get(name.asString()) : null;
        if (chosen == null) {
            add(
                    pointer + "/" + Fault.escape(alternatives.property()),
                    name.isMissingNode()
                            ? "is missing"
                            : "must be one of " + String.join(", ", alternatives.types().keySet()));
        } else if (chosen.isRecord()) {
            JavaType record = LENIENT.getTypeFactory().constructSpecializedType(wanted, chosen);
            compareRecord(node, record, wanted, Optional.of(alternatives.property()), pointer);
        } else {
            convert(node, wanted, pointer);
        }
    }

    /// `readAs` is the type that is read, of which the record may be one; `besides` a property that is no component.
    private void compareRecord(
            JsonNode node,
            JavaType record,
            JavaType readAs,
            Optional<String> besides,
            String pointer) {
        if (!node.isObject()) {
            add(pointer, "must be an object");
            return;
        }
        int before = faults.size();
        Map<String, RecordComponent> components = components(record.getRawClass());
        for (String name : node.propertyNames()) {
            if (!components.containsKey(name) && !besides.equals(Optional.of(name))) {
                add(pointer + "/" + Fault.escape(name), "is not known here");
            }
        }
        components.forEach(
                (name, component) -> compareComponent(node, name, component, record, pointer));
        if (faults.size() == before) {
            convert(node, readAs, record.getRawClass(), pointer); // the constructor's own checks
        }
    }

    private void compareComponent(
            JsonNode node, String name, RecordComponent component, JavaType in, String pointer) {
        JsonNode value = node.path(name);
        String at = pointer + "/" + Fault.escape(name);
        boolean optional = RequiredComponents.mayBeAbsent(component);
        if (optional && (value.isMissingNode() || value.isNull())) {
            return;
        }
        if (value.isMissingNode()) {
            add(at, "is missing");
            return;
        }
        compare(
                value,
                LENIENT.getTypeFactory()
                        .resolveMemberType(component.getGenericType(), in.getBindings()),
                at);
    }

    private static Map<String, RecordComponent> components(Class<?> recordType) {
        Map<String, RecordComponent> components = new LinkedHashMap<>();
        for (RecordComponent component : recordType.getRecordComponents()) {
            JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
            boolean own = renamed == null || renamed.value().isEmpty();
            components.put(own ? component.getName() : renamed.value(), component);
        }
        return components;
    }

    private void compareElements(JsonNode node, JavaType wanted, String pointer) {
        boolean binary = wanted.hasRawClass(byte[].class);
        if (binary) {
            convert(node, wanted, pointer);
        } else if (!node.isArray()) {
            add(pointer, "must be an array");
        } else {
            for (int i = 0; i < node.size() && faults.size() < MOST; i++) {
                compare(node.get(i), wanted.getContentType(), pointer + "/" + i);
            }
        }
    }

    private void compareValues(JsonNode node, JavaType wanted, String pointer) {
        if (!node.isObject()) {
            add(pointer, "must be an object");
            return;
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            compare(
                    entry.getValue(),
                    wanted.getContentType(),
                    pointer + "/" + Fault.escape(entry.getKey()));
        }
    }

    private static boolean isUntyped(Class<?> wanted) {
        return wanted == Object.class
                || wanted == Number.class
                || JsonNode.class.isAssignableFrom(wanted);
    }

    private void compareUntyped(JsonNode node, JavaType wanted, String pointer) {
        int before = faults.size();
        findUnwritable(node, pointer);
        if (faults.size() == before) {
            convert(node, wanted, pointer); // perhaps to one kind of node
        }
    }

    private void findUnwritable(JsonNode node, String pointer) {
        if (node.isBigDecimal() && !WritableDecimal.isWritable(node.decimalValue())) {
            add(pointer, Wanted.sentence(BigDecimal.class));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            findUnwritable(node.get(i), pointer + "/" + i);
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            findUnwritable(entry.getValue(), pointer + "/" + Fault.escape(entry.getKey()));
        }
    }

    private void convert(JsonNode node, JavaType wanted, String pointer) {
        convert(node, wanted, wanted.getRawClass(), pointer);
    }

    private void convert(JsonNode node, JavaType wanted, Class<?> described, String pointer) {
        try {
            Object value = LENIENT.treeToValue(node, wanted);
            if (value == null) { // what an empty text is to some of Jackson's readers
                add(pointer, Wanted.sentence(described));
            }
        } catch (JacksonException fault) {
            add(pointer(pointer, fault), sentence(fault, described));
        }
    }

    /// A record's own words where its constructor refused, else what the type looks like.
    private static String sentence(JacksonException fault, Class<?> wanted) {
        Throwable cause = fault.getCause();
        String said = cause instanceof IllegalArgumentException ? cause.getMessage() : null;
        return wanted.isRecord() && said != null ? said : Wanted.sentence(wanted);
    }

    private static String pointer(String pointer, JacksonException fault) {
        StringBuilder path = new StringBuilder(pointer);
        for (JacksonException.Reference step : fault.getPath()) {
            String name = step.getPropertyName();
            path.append('/').append(name == null ? "" + step.getIndex() : Fault.escape(name));
        }
        return path.toString();
    }
}
