-- The events of an object, newest first, for those who look for them; the index of V1 knows only what waits.
CREATE INDEX webhook_inbox_of_object ON webhook_inbox (object_id, id) WHERE object_id IS NOT NULL;
-- Messages that were given up, and those of one endpoint.
CREATE INDEX outgoing_webhook_dead ON outgoing_webhook (id) WHERE state = 'dead';
CREATE INDEX outgoing_webhook_endpoint ON outgoing_webhook (endpoint, id);

-- The turn of each object's events: first those that are being handled, then those that wait, in their order.
-- One short look tells whose turn it is, however many wait.
DROP INDEX webhook_inbox_object;
CREATE INDEX webhook_inbox_turn
    ON webhook_inbox (source, object_id, (state <> 'processing'), event_created, id)
    WHERE next_at IS NOT NULL;

-- Ids are compared byte by byte: a language's rules cost several times as much in each index.
ALTER TABLE webhook_inbox
    ALTER COLUMN id          TYPE TEXT COLLATE "C",
    ALTER COLUMN source      TYPE TEXT COLLATE "C",
    ALTER COLUMN external_id TYPE TEXT COLLATE "C",
    ALTER COLUMN object_id   TYPE TEXT COLLATE "C";
ALTER TABLE webhook_attempt ALTER COLUMN inbox_id TYPE TEXT COLLATE "C";
ALTER TABLE outgoing_webhook ALTER COLUMN id TYPE TEXT COLLATE "C";
ALTER TABLE outgoing_attempt ALTER COLUMN webhook_id TYPE TEXT COLLATE "C";
