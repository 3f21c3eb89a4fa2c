-- What is due for one endpoint, beside however much that waits for others: those that do not answer, or are no longer configured.
CREATE INDEX outgoing_webhook_turn ON outgoing_webhook (endpoint, next_at) WHERE next_at IS NOT NULL;
DROP INDEX outgoing_webhook_due;
