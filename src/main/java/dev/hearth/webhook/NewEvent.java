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
        byte[] sha256) {}
