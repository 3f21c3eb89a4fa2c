-- Payments. Amounts are minor units as Stripe counts them; times are milliseconds since 1970, UTC.

-- One intention to be paid once. An order has at most one payment that can still be, or was, paid.
CREATE TABLE payment (
    id             TEXT    NOT NULL PRIMARY KEY,
    principal      TEXT    NOT NULL,
    order_ref      TEXT    NOT NULL,
    kind           TEXT    NOT NULL CHECK (kind IN ('checkout', 'intent')),
    amount         BIGINT  NOT NULL CHECK (amount > 0),
    currency       TEXT    NOT NULL,
    manual_capture BOOLEAN NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('created', 'unknown', 'pending', 'requires_action',
                       'processing', 'authorized', 'paid', 'failed', 'canceled', 'expired')),
    failure        TEXT,
    capturable     BIGINT  NOT NULL DEFAULT 0,
    captured       BIGINT  NOT NULL DEFAULT 0,
    refunded       BIGINT  NOT NULL DEFAULT 0,
    disputed       BIGINT  NOT NULL DEFAULT 0 CHECK (disputed >= 0),
    stripe_pi      TEXT    UNIQUE,
    stripe_session TEXT    UNIQUE,
    livemode       BOOLEAN,
    url            TEXT,
    client_secret  TEXT,
    version        BIGINT  NOT NULL DEFAULT 0,
    created_at     BIGINT  NOT NULL,
    returned_at    BIGINT,
    last_sync_at   BIGINT,
    CHECK (captured BETWEEN 0 AND amount),
    CHECK (refunded BETWEEN 0 AND captured)
);
CREATE UNIQUE INDEX payment_order ON payment (principal, order_ref)
    WHERE state NOT IN ('canceled', 'expired')
      AND NOT (state = 'failed' AND stripe_pi IS NULL AND stripe_session IS NULL);
-- What may still change is few rows however many there are.
CREATE INDEX payment_open ON payment (created_at)
    WHERE state NOT IN ('paid', 'canceled', 'expired');

CREATE TABLE refund (
    id             TEXT   NOT NULL PRIMARY KEY,
    payment_id     TEXT   NOT NULL REFERENCES payment (id),
    amount         BIGINT NOT NULL CHECK (amount > 0),
    state          TEXT   NOT NULL CHECK (state IN ('requested', 'unknown', 'pending', 'requires_action',
                       'succeeded', 'failed', 'canceled', 'rejected')),
    stripe_id      TEXT   UNIQUE,
    reason         TEXT,
    failure_reason TEXT,
    created_at     BIGINT NOT NULL
);
CREATE INDEX refund_payment ON refund (payment_id);

CREATE TABLE dispute (
    stripe_id  TEXT   NOT NULL PRIMARY KEY,
    payment_id TEXT   NOT NULL REFERENCES payment (id),
    amount     BIGINT NOT NULL CHECK (amount >= 0),
    currency   TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    reason     TEXT,
    due_by     BIGINT
);
CREATE INDEX dispute_payment ON dispute (payment_id);

-- Every call that changes something at Stripe, written down before it is sent. While next_at is in the
-- future the call is being sent or waits for its next try.
CREATE TABLE api_call (
    id                TEXT    NOT NULL PRIMARY KEY,
    purpose           TEXT    NOT NULL,
    payment_id        TEXT    NOT NULL REFERENCES payment (id),
    refund_id         TEXT    REFERENCES refund (id),
    path              TEXT    NOT NULL,
    params_json       TEXT    NOT NULL,
    params_sha256     TEXT    NOT NULL,
    idempotency_key   TEXT    NOT NULL UNIQUE,
    payment_version   BIGINT  NOT NULL,
    state             TEXT    NOT NULL CHECK (state IN ('pending', 'sent', 'unknown', 'ok', 'rejected')),
    attempts          INTEGER NOT NULL DEFAULT 0,
    first_sent_at     BIGINT,
    next_at           BIGINT,
    http_status       INTEGER,
    stripe_request_id TEXT,
    response_json     TEXT,
    created_at        BIGINT  NOT NULL
);
CREATE INDEX api_call_due ON api_call (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX api_call_payment ON api_call (payment_id);

-- What a caller asked for under a key of its own, and what it was told.
CREATE TABLE client_idempotency (
    principal   TEXT    NOT NULL,
    route       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    body_sha256 TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('running', 'done')),
    call_id     TEXT    NOT NULL,
    status      INTEGER,
    response    TEXT,
    expires_at  BIGINT  NOT NULL,
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX client_idempotency_call ON client_idempotency (call_id);
CREATE INDEX client_idempotency_expires ON client_idempotency (expires_at);

-- The books: double entry, only ever added to. A mistake is mended by a reversal.
CREATE TABLE journal (
    id          TEXT   NOT NULL PRIMARY KEY,
    source_kind TEXT   NOT NULL,
    source_id   TEXT   NOT NULL,
    payment_id  TEXT   REFERENCES payment (id),
    booked_at   BIGINT NOT NULL,
    UNIQUE (source_kind, source_id)
);
CREATE INDEX journal_payment ON journal (payment_id);
CREATE TABLE journal_entry (
    journal_id TEXT   NOT NULL REFERENCES journal (id),
    account    TEXT   NOT NULL CHECK (account IN ('receivable_stripe', 'revenue', 'fees', 'refunds',
                   'disputes', 'payouts')),
    currency   TEXT   NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (journal_id, account, currency)
);

-- How far the comparison with Stripe has come.
CREATE TABLE reconcile_cursor (
    source        TEXT   NOT NULL PRIMARY KEY,
    last_event_id TEXT,
    last_run      BIGINT NOT NULL,
    gaps          BIGINT NOT NULL DEFAULT 0
);

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is only ever added to');
END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is only ever added to');
END;

CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry
BEGIN
    SELECT RAISE(ABORT, 'the journal is only ever added to');
END;

CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
BEGIN
    SELECT RAISE(ABORT, 'the journal is only ever added to');
END;
