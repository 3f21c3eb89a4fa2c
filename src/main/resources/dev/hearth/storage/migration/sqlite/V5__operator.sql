-- Who may use the operator site, and what was done there.
CREATE TABLE operator (
    name          TEXT   NOT NULL PRIMARY KEY,
    role          TEXT   NOT NULL CHECK (role IN ('viewer', 'operator')),
    password_hash TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);

-- Only a hash of the token is kept: who can read the database cannot enter with what stands there.
CREATE TABLE operator_session (
    token_sha256 TEXT   NOT NULL PRIMARY KEY,
    operator     TEXT   NOT NULL REFERENCES operator (name) ON DELETE CASCADE,
    form_token   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL
);
CREATE INDEX operator_session_operator ON operator_session (operator);

CREATE TABLE audit (
    id       TEXT   NOT NULL PRIMARY KEY,
    at       BIGINT NOT NULL,
    operator TEXT   NOT NULL,
    address  TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    outcome  TEXT   NOT NULL
);
