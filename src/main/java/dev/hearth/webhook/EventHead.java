package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Optional;

/// What the inbox must know of an event to store it, order it and find its handler. The rest stays in the
/// raw body.
///
/// @param externalId the sender's own id of it, by which a repeated delivery is known
/// @param objectId what it is about: events of one object are handled one at a time, in order
/// @param created when it happened, where the sender says so; before 1970 or after 9999 counts as not said
public record EventHead(
        String externalId,
        String type,
        Optional<String> objectType,
        Optional<String> objectId,
        Optional<String> apiVersion,
        Optional<Boolean> livemode,
        Optional<Instant> created) {

    /// Longer ids and types are refused: no sender has them, and they would fill the index.
    public static final int MAX_LENGTH = 255;

    /// The end of the year 9999 in UTC. As a number: to read it from text takes a CGI process a millisecond.
    private static final Instant LATEST = Instant.ofEpochSecond(253_402_300_799L);

    /// @throws UnreadableEventException if the id or the type is empty, too long or has control characters
    public EventHead {
        require("id", externalId);
        require("type", type);
        objectType.ifPresent(value -> require("object type", value));
        objectId.ifPresent(value -> require("object id", value));
        apiVersion.ifPresent(value -> require("API version", value));
        created = created.filter(time -> !time.isBefore(Instant.EPOCH) && !time.isAfter(LATEST));
    }

    /// An event of which only id and type are known.
    public static EventHead of(String externalId, String type) {
        return new EventHead(
                externalId,
                type,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// The same event, about this object where there is one. An empty id is none; one that cannot be kept is kept as
    /// its hash, since the event is genuine all the same and has its place in the order.
    EventHead about(String otherType, Optional<String> otherId) {
        Optional<String> kept = otherId.filter(id -> !id.isEmpty()).map(EventHead::objectId);
        return new EventHead(
                externalId, type, kept.map(_ -> otherType), kept, apiVersion, livemode, created);
    }

    /// The same event, created at this time where it is said.
    EventHead createdAt(Optional<Instant> time) {
        return new EventHead(externalId, type, objectType, objectId, apiVersion, livemode, time);
    }

    /// The same event, written for this version of the sender's API where it is said.
    EventHead ofVersion(Optional<String> version) {
        return new EventHead(externalId, type, objectType, objectId, version, livemode, created);
    }

    private static String objectId(String given) {
        try {
            require("object id", given);
            return given;
        } catch (UnreadableEventException unfit) {
            return ContentId.of(given.getBytes(UTF_8));
        }
    }

    private static void require(String what, String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new UnreadableEventException(
                    "the event's %s has %d characters; 1 to %d are allowed"
                            .formatted(what, value.length(), MAX_LENGTH));
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == 0x7f) {
                throw new UnreadableEventException(
                        "the event's %s has a control character at %d".formatted(what, i));
            }
            if (Character.isSurrogate(c)) { // no database keeps half of a character
                i = requirePair(what, value, i);
            }
        }
    }

    /// The index of the second half of the character that begins here.
    private static int requirePair(String what, String value, int first) {
        int second = first + 1;
        if (second < value.length()
                && Character.isSurrogatePair(value.charAt(first), value.charAt(second))) {
            return second;
        }
        throw new UnreadableEventException(
                "the event's %s has half of a character at %d".formatted(what, first));
    }
}
