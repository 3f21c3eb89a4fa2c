-- The inbox: one row is the event as it came and its own place in the queue.
-- Times are milliseconds since 1970, UTC. next_at is null once nothing is left to do; while a worker has
-- the event it is the end of its lease.
CREATE TABLE webhook_inbox (
    id            TEXT    NOT NULL PRIMARY KEY,
    source        TEXT    NOT NULL,
    external_id   TEXT    NOT NULL,
    event_type    TEXT    NOT NULL,
    object_type   TEXT,
    object_id     TEXT,
    api_version   TEXT,
    livemode      BOOLEAN,
    event_created BIGINT  NOT NULL,
    received_at   BIGINT  NOT NULL,
    headers_json  TEXT    NOT NULL,
    body          BLOB,
    body_sha256   BLOB    NOT NULL,
    state         TEXT    NOT NULL
        CHECK (state IN ('received', 'processing', 'retry', 'done', 'ignored', 'dead')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_at       BIGINT,
    holds_back    BOOLEAN NOT NULL DEFAULT TRUE,
    lease_owner   TEXT,
    last_error    TEXT,
    done_at       BIGINT,
    UNIQUE (source, external_id)
);
-- Partial: what is done costs these nothing, however many rows there are.
CREATE INDEX webhook_inbox_due ON webhook_inbox (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_inbox_object ON webhook_inbox (source, object_id, event_created, id)
    WHERE next_at IS NOT NULL;
CREATE INDEX webhook_inbox_dead ON webhook_inbox (id) WHERE state = 'dead';

-- The attempts that failed; the one that succeeded is the inbox row itself.
CREATE TABLE webhook_attempt (
    inbox_id TEXT    NOT NULL REFERENCES webhook_inbox (id) ON DELETE CASCADE,
    n        INTEGER NOT NULL,
    started  BIGINT  NOT NULL,
    ended    BIGINT  NOT NULL,
    outcome  TEXT    NOT NULL,
    error    TEXT,
    PRIMARY KEY (inbox_id, n)
);

-- Webhooks that we send: written in the transaction of what they tell of, delivered afterwards.
CREATE TABLE outgoing_webhook (
    id          TEXT    NOT NULL PRIMARY KEY,
    endpoint    TEXT    NOT NULL,
    event_type  TEXT    NOT NULL,
    body        BLOB    NOT NULL,
    created_at  BIGINT  NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('waiting', 'sending', 'delivered', 'dead')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_at     BIGINT,
    lease_owner TEXT,
    last_error  TEXT,
    done_at     BIGINT
);
CREATE INDEX outgoing_webhook_due ON outgoing_webhook (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE outgoing_attempt (
    webhook_id TEXT    NOT NULL REFERENCES outgoing_webhook (id) ON DELETE CASCADE,
    n          INTEGER NOT NULL,
    started    BIGINT  NOT NULL,
    ended      BIGINT  NOT NULL,
    status     INTEGER NOT NULL,
    error      TEXT,
    PRIMARY KEY (webhook_id, n)
);
