package dev.hearth.webhook;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Finds a few members of a JSON object in one pass, without building a tree of it.
///
/// Members are named by JSON pointers (RFC 6901) through objects only, such as `/data/object/id`. The whole
/// text is read, so that what is stored is known to be JSON in UTF-8. Safe for many threads.
final class JsonFields {
    private static final JsonFactory JSON = new JsonFactory();

    /// The members on the way to what is wanted.
    private static final class Node {
        final Map<String, Node> members = new HashMap<>();
        int index = -1;
    }

    private final Node root = new Node();
    private final int count;

    private JsonFields(String... pointers) {
        count = pointers.length;
        for (int i = 0; i < count; i++) {
            Node node = root;
            for (String member : members(pointers[i])) {
                node = node.members.computeIfAbsent(member, _ -> new Node());
            }
            node.index = i;
        }
    }

    /// A reader of these members.
    ///
    /// @throws IllegalArgumentException if one is not a pointer to a member
    static JsonFields of(String... pointers) {
        return new JsonFields(pointers);
    }

    private static String[] members(String pointer) {
        if (pointer.length() < 2 || pointer.charAt(0) != '/') {
            throw new IllegalArgumentException(
                    "a JSON pointer to a member begins with /, as in /data/id; was " + pointer);
        }
        String[] members = pointer.substring(1).split("/", -1);
        for (int i = 0; i < members.length; i++) {
            members[i] = members[i].replace("~1", "/").replace("~0", "~");
        }
        return members;
    }

    /// What was found, by the position of its pointer. Of two members with one name the first counts.
    static final class Found {
        private final @Nullable String[] texts;
        private final @Nullable JsonToken[] kinds; // null: not seen

        private Found(int count) {
            texts = new String[count];
            kinds = new JsonToken[count];
        }

        /// A string.
        Optional<String> text(int index) {
            return kinds[index] == JsonToken.VALUE_STRING
                    ? Optional.ofNullable(texts[index])
                    : Optional.empty();
        }

        /// A string, or a whole number as it is written: how senders write ids.
        Optional<String> id(int index) {
            return kinds[index] == JsonToken.VALUE_NUMBER_INT
                    ? Optional.ofNullable(texts[index])
                    : text(index);
        }

        Optional<Boolean> flag(int index) {
            JsonToken kind = kinds[index];
            boolean isFlag = kind == JsonToken.VALUE_TRUE || kind == JsonToken.VALUE_FALSE;
            return isFlag ? Optional.of(kind == JsonToken.VALUE_TRUE) : Optional.empty();
        }

        /// Seconds since 1970, or ISO 8601; what is neither counts as not said.
        Optional<Instant> time(int index) {
            return id(index).flatMap(Found::parseTime);
        }

        private static Optional<Instant> parseTime(String text) {
            try {
                return Optional.of(
                        text.indexOf('T') > 0
                                ? Instant.parse(text)
                                : Instant.ofEpochSecond(Long.parseLong(text)));
            } catch (DateTimeException | NumberFormatException noTime) {
                return Optional.empty();
            }
        }
    }

    /// Reads a JSON object.
    ///
    /// @throws UnreadableEventException if the body is anything else
    Found read(byte[] body) {
        Found found = new Found(count);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableEventException("an event is a JSON object");
            }
            readObject(json, root, found);
            if (json.nextToken() != null) {
                throw new UnreadableEventException("something follows the event's JSON object");
            }
            return found;
        } catch (JacksonException malformed) {
            throw new UnreadableEventException("the body is not JSON in UTF-8");
        }
    }

    /// Reads a JSON object, or finds nothing in what is none.
    Found readIfJson(byte[] body) {
        try {
            return read(body);
        } catch (UnreadableEventException notJson) {
            return new Found(count);
        }
    }

    private static void readObject(JsonParser json, Node node, Found found) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken value = json.nextToken();
            Node member = node.members.get(name);
            if (member == null) {
                json.skipChildren();
            } else if (value == JsonToken.START_OBJECT && !member.members.isEmpty()) {
                readObject(json, member, found);
            } else if (value.isScalarValue() && member.index >= 0) {
                keep(json, value, member.index, found);
            } else {
                json.skipChildren();
            }
        }
    }

    private static void keep(JsonParser json, JsonToken value, int index, Found found) {
        if (found.kinds[index] == null) {
            found.kinds[index] = value;
            if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                found.texts[index] = json.getString();
            }
        }
    }
}
