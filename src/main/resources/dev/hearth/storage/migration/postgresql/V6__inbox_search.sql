-- The events of an object, newest first, for those who look for them; the index of V1 knows only what waits.
CREATE INDEX webhook_inbox_of_object ON webhook_inbox (object_id, id) WHERE object_id IS NOT NULL;
-- Messages that were given up, and those of one endpoint.
CREATE INDEX outgoing_webhook_dead ON outgoing_webhook (id) WHERE state = 'dead';
CREATE INDEX outgoing_webhook_endpoint ON outgoing_webhook (endpoint, id);
