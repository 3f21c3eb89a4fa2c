CREATE TABLE payments (
    id            TEXT   PRIMARY KEY,
    caller_key    TEXT   NOT NULL UNIQUE,
    request_hash  TEXT   NOT NULL,
    order_ref     TEXT   NOT NULL UNIQUE,
    amount        BIGINT NOT NULL,
    currency      TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    stripe_id     TEXT,
    answer        TEXT,
    created_at    BIGINT NOT NULL
);
