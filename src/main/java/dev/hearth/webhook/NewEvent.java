package dev.hearth.webhook;

import java.time.Instant;

/// An event on its way into the inbox.
@SuppressWarnings("ArrayRecordComponent") // written once, compared by nobody
record NewEvent(
        String id,
        String source,
        EventHead head,
        Instant receivedAt,
        String headersJson,
        byte[] body,
        byte[] sha256) {

    /// When it happened, or when it came where the sender does not say.
    Instant created() {
        return head.created().orElse(receivedAt);
    }

    /// As its handler gets it at the first try.
    Event asEvent() {
        return new Event(
                id,
                source,
                head.externalId(),
                head.type(),
                head.objectType(),
                head.objectId(),
                head.apiVersion(),
                head.livemode(),
                Instant.ofEpochMilli(created().toEpochMilli()),
                Instant.ofEpochMilli(receivedAt.toEpochMilli()),
                1,
                body);
    }
}
