CREATE TABLE events (
    source        TEXT   NOT NULL,
    external_id   TEXT   NOT NULL,
    event_type    TEXT   NOT NULL,
    object_id     TEXT,
    event_created BIGINT NOT NULL,
    received_at   BIGINT NOT NULL,
    body          TEXT   NOT NULL,
    body_sha256   TEXT   NOT NULL,
    UNIQUE (source, external_id)
);
