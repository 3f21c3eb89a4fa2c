-- What was going on where a message was written: its place in a trace, so that a retry after a restart belongs to it, too.
ALTER TABLE outgoing_webhook ADD COLUMN origin TEXT NOT NULL DEFAULT '';
