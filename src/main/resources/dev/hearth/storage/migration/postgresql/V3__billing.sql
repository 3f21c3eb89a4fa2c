-- Subscriptions, invoices, the steps of payments, and the nightly comparison of balances. Amounts are minor
-- units as Stripe counts them; times are milliseconds since 1970, UTC.

-- What became of a payment, its refunds and its disputes, step by step, and why: the last number is the
-- payment's revision, by which a page that is out of date is recognized.
CREATE TABLE payment_step (
    payment_id TEXT    NOT NULL REFERENCES payment (id),
    n          INTEGER NOT NULL,
    happened   BIGINT  NOT NULL,
    subject    TEXT    NOT NULL CHECK (subject IN ('payment', 'refund', 'dispute')),
    subject_id TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    amount     BIGINT  NOT NULL,
    cause      TEXT    NOT NULL CHECK (cause IN ('request', 'call', 'event', 'return', 'reconcile',
                   'operator')),
    cause_id   TEXT,
    PRIMARY KEY (payment_id, n)
);

-- What is paid again and again. Each period leaves an invoice.
CREATE TABLE subscription (
    id                  TEXT    NOT NULL PRIMARY KEY,
    principal           TEXT    NOT NULL,
    order_ref           TEXT    NOT NULL,
    name                TEXT    NOT NULL,
    amount              BIGINT  NOT NULL CHECK (amount > 0),
    currency            TEXT    NOT NULL,
    quantity            INTEGER NOT NULL CHECK (quantity > 0),
    period              TEXT    NOT NULL CHECK (period IN ('day', 'week', 'month', 'year')),
    state               TEXT    NOT NULL CHECK (state IN ('created', 'unknown', 'pending', 'incomplete',
                            'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled', 'expired',
                            'failed')),
    failure             TEXT,
    paid_until          BIGINT,
    ends_with_period    BOOLEAN NOT NULL DEFAULT FALSE,
    stripe_subscription TEXT    UNIQUE,
    stripe_session      TEXT    UNIQUE,
    stripe_item         TEXT,
    stripe_product      TEXT,
    stripe_customer     TEXT,
    livemode            BOOLEAN,
    url                 TEXT,
    version             BIGINT  NOT NULL DEFAULT 0,
    created_at          BIGINT  NOT NULL,
    last_sync_at        BIGINT
);
CREATE UNIQUE INDEX subscription_order ON subscription (principal, order_ref)
    WHERE state NOT IN ('canceled', 'expired', 'failed');
CREATE INDEX subscription_open ON subscription (created_at)
    WHERE state NOT IN ('canceled', 'expired', 'failed');

-- Bills: those that we write to other companies, and those that subscriptions leave.
CREATE TABLE invoice (
    id               TEXT    NOT NULL PRIMARY KEY,
    principal        TEXT    NOT NULL,
    order_ref        TEXT    NOT NULL,
    subscription_id  TEXT    REFERENCES subscription (id),
    amount           BIGINT  NOT NULL CHECK (amount >= 0),
    currency         TEXT    NOT NULL,
    paid             BIGINT  NOT NULL DEFAULT 0,
    state            TEXT    NOT NULL CHECK (state IN ('created', 'unknown', 'draft', 'open', 'paid', 'void',
                         'uncollectible', 'failed')),
    failure          TEXT,
    lines_json       TEXT    NOT NULL,
    due_at           BIGINT,
    url              TEXT,
    stripe_invoice   TEXT    UNIQUE,
    stripe_customer  TEXT,
    livemode         BOOLEAN,
    reminders        INTEGER NOT NULL DEFAULT 0,
    remind_at        BIGINT,
    version          BIGINT  NOT NULL DEFAULT 0,
    created_at       BIGINT  NOT NULL,
    last_sync_at     BIGINT
);
CREATE UNIQUE INDEX invoice_order ON invoice (principal, order_ref)
    WHERE state NOT IN ('void', 'failed');
CREATE INDEX invoice_subscription ON invoice (subscription_id);
CREATE INDEX invoice_open ON invoice (created_at)
    WHERE state IN ('created', 'unknown', 'draft', 'open');
CREATE INDEX invoice_remind ON invoice (remind_at) WHERE remind_at IS NOT NULL;

-- The payment with which an invoice was paid, or is tried to be paid.
ALTER TABLE payment ADD COLUMN invoice_id TEXT REFERENCES invoice (id);
CREATE INDEX payment_invoice ON payment (invoice_id) WHERE invoice_id IS NOT NULL;

-- What each nightly comparison of Stripe's balance with the journal found.
CREATE TABLE balance_check (
    checked_at BIGINT NOT NULL,
    currency   TEXT   NOT NULL,
    stripe     BIGINT NOT NULL,
    journal    BIGINT NOT NULL,
    unmatched  TEXT   NOT NULL,
    PRIMARY KEY (checked_at, currency)
);

-- A call is for a payment, a subscription or an invoice.
ALTER TABLE api_call ALTER COLUMN payment_id DROP NOT NULL;
ALTER TABLE api_call RENAME COLUMN payment_version TO subject_version;
ALTER TABLE api_call ADD COLUMN subscription_id TEXT REFERENCES subscription (id);
ALTER TABLE api_call ADD COLUMN invoice_id TEXT REFERENCES invoice (id);
ALTER TABLE api_call ADD COLUMN method TEXT NOT NULL DEFAULT 'post' CHECK (method IN ('post', 'delete'));
ALTER TABLE api_call ADD CHECK (num_nonnulls(payment_id, subscription_id, invoice_id) = 1);
CREATE INDEX api_call_subscription ON api_call (subscription_id) WHERE subscription_id IS NOT NULL;
CREATE INDEX api_call_invoice ON api_call (invoice_id) WHERE invoice_id IS NOT NULL;
