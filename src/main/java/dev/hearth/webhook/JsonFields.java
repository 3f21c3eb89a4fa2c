package dev.hearth.webhook;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds a few members of a JSON object in one pass, without building a tree of it.
///
/// Members are named by JSON pointers (RFC 6901) through objects only, such as `/data/object/id`. The whole
/// text is read, so that what is stored is known to be JSON in UTF-8. Safe for many threads.
final class JsonFields {
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

    /// The names that a pointer to a member leads along.
    static String[] members(String pointer) {
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
        private static final char TEXT = '"';
        private static final char WHOLE_NUMBER = '0';

        private final @Nullable String[] texts;
        private final char[] kinds; // 0: not seen; of words, the letter that each begins with

        private Found(int count) {
            texts = new String[count];
            kinds = new char[count];
        }

        /// A string.
        Optional<String> text(int index) {
            return kinds[index] == TEXT ? Optional.ofNullable(texts[index]) : Optional.empty();
        }

        /// A string, or a whole number as it is written: how senders write ids.
        Optional<String> id(int index) {
            return kinds[index] == WHOLE_NUMBER ? Optional.ofNullable(texts[index]) : text(index);
        }

        Optional<Boolean> flag(int index) {
            boolean isFlag = kinds[index] == 't' || kinds[index] == 'f';
            return isFlag ? Optional.of(kinds[index] == 't') : Optional.empty();
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
        JsonScanner json = new JsonScanner(body);
        if (json.peek() != '{') {
            json.skip();
            throw new UnreadableEventException("an event is a JSON object");
        }
        Found found = new Found(count);
        readObject(json, root, found);
        if (json.peek() >= 0) {
            throw new UnreadableEventException("something follows the event's JSON object");
        }
        return found;
    }

    /// Reads a JSON object, or finds nothing in what is none.
    Found readIfJson(byte[] body) {
        try {
            return read(body);
        } catch (UnreadableEventException notJson) {
            return new Found(count);
        }
    }

    private static void readObject(JsonScanner json, Node node, Found found) {
        json.open('{');
        if (json.peek() != '}') {
            do {
                Node member = node.members.get(json.string());
                json.expect(':');
                readMember(json, member, found);
            } while (json.take(','));
        }
        json.close('}');
    }

    private static void readMember(JsonScanner json, @Nullable Node member, Found found) {
        int first = json.peek();
        if (member != null && first == '{' && !member.members.isEmpty()) {
            readObject(json, member, found);
        } else if (member != null && member.index >= 0 && found.kinds[member.index] == 0) {
            keep(json, (char) first, member.index, found);
        } else {
            json.skip();
        }
    }

    private static void keep(JsonScanner json, char first, int index, Found found) {
        switch (first) {
            case '"' -> found.texts[index] = json.string();
            case '{', '[' -> {
                json.skip();
                return; // no value of its own
            }
            case 't', 'f', 'n' -> json.skip();
            default -> {
                found.texts[index] = json.number();
                found.kinds[index] = isWhole(found.texts[index]) ? Found.WHOLE_NUMBER : '.';
                return;
            }
        }
        found.kinds[index] = first;
    }

    private static boolean isWhole(String number) {
        return number.indexOf('.') < 0 && number.indexOf('e') < 0 && number.indexOf('E') < 0;
    }
}
