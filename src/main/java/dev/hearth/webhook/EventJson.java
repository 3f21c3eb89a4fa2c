package dev.hearth.webhook;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads the few members of an event's JSON that the inbox needs, in one pass and without building a tree.
/// The whole text is read, so that what is stored is known to be JSON in UTF-8.
final class EventJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private @Nullable String id;
    private @Nullable String type;
    private @Nullable String objectType;
    private @Nullable String objectId;
    private @Nullable String apiVersion;
    private @Nullable Boolean livemode;
    private @Nullable Instant created;

    private EventJson() {}

    /// A Stripe event: v1 (`data.object`), or thin v2 (`related_object`).
    static EventHead stripe(byte[] body) {
        EventJson event = new EventJson();
        event.read(body);
        return event.head();
    }

    private EventHead head() {
        if (id == null || type == null) {
            throw new UnreadableEventException("an event is a JSON object with an id and a type");
        }
        return new EventHead(
                id,
                type,
                Optional.ofNullable(objectType),
                Optional.ofNullable(objectId),
                Optional.ofNullable(apiVersion),
                Optional.ofNullable(livemode),
                Optional.ofNullable(created));
    }

    private void read(byte[] body) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableEventException("an event is a JSON object");
            }
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "id" -> id = string(json, value);
                    case "type" -> type = string(json, value);
                    case "api_version" -> apiVersion = string(json, value);
                    case "livemode" -> livemode = flag(json, value);
                    case "created" -> created = time(json, value);
                    case "data" -> readData(json, value);
                    case "related_object" -> readRelated(json, value);
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw new UnreadableEventException("something follows the event's JSON object");
            }
        } catch (JacksonException malformed) {
            throw new UnreadableEventException("the body is not JSON in UTF-8");
        }
    }

    private void readData(JsonParser json, JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken inner = json.nextToken();
            if (name.equals("object") && inner == JsonToken.START_OBJECT) {
                readObject(json, "object");
            } else {
                json.skipChildren();
            }
        }
    }

    private void readRelated(JsonParser json, JsonToken value) {
        if (value == JsonToken.START_OBJECT) {
            readObject(json, "type");
        } else {
            json.skipChildren();
        }
    }

    private void readObject(JsonParser json, String typeMember) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken value = json.nextToken();
            if (name.equals("id")) {
                objectId = string(json, value);
            } else if (name.equals(typeMember)) {
                objectType = string(json, value);
            } else {
                json.skipChildren();
            }
        }
    }

    /// The string, or nothing where the value is of another kind; then its children are skipped.
    private static @Nullable String string(JsonParser json, JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            return json.getString();
        }
        json.skipChildren();
        return null;
    }

    private static @Nullable Boolean flag(JsonParser json, JsonToken value) {
        json.skipChildren();
        return switch (value) {
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    /// Seconds since 1970 (v1), or ISO 8601 (v2); anything else counts as not said.
    private static @Nullable Instant time(JsonParser json, JsonToken value) {
        Instant time = anyTime(json, value);
        return time == null || time.isBefore(Instant.EPOCH) || time.isAfter(LATEST) ? null : time;
    }

    private static @Nullable Instant anyTime(JsonParser json, JsonToken value) {
        try {
            return switch (value) {
                case VALUE_NUMBER_INT -> Instant.ofEpochSecond(json.getLongValue());
                case VALUE_STRING -> Instant.parse(json.getString());
                default -> {
                    json.skipChildren();
                    yield null;
                }
            };
        } catch (DateTimeException | tools.jackson.core.exc.InputCoercionException unusable) {
            return null;
        }
    }
}
