-- How often a worker's lease of an event ended before its handler did, as happens when the process dies. Those that
-- have lost one are few, and are claimed one at a time.
ALTER TABLE webhook_inbox ADD COLUMN lost_leases INTEGER NOT NULL DEFAULT 0;
CREATE INDEX webhook_inbox_lost ON webhook_inbox (next_at) WHERE lost_leases > 0 AND next_at IS NOT NULL;
