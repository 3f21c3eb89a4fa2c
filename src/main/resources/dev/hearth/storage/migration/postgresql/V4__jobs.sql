-- Jobs that wait for their time: the table of db-scheduler, with times as milliseconds like everywhere else.
CREATE TABLE scheduled_tasks (
    task_name            TEXT    NOT NULL,
    task_instance        TEXT    NOT NULL,
    task_data            BYTEA,
    execution_time       BIGINT  NOT NULL,
    picked               BOOLEAN NOT NULL,
    picked_by            TEXT,
    last_success         BIGINT,
    last_failure         BIGINT,
    consecutive_failures INTEGER,
    last_heartbeat       BIGINT,
    version              BIGINT  NOT NULL,
    priority             INTEGER,
    PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_execution_time_idx ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_last_heartbeat_idx ON scheduled_tasks (last_heartbeat);

-- The last failure of a job; `dead` where it is not tried again, and then the job is kept here only.
CREATE TABLE job_failure (
    name      TEXT    NOT NULL,
    instance  TEXT    NOT NULL,
    data      BYTEA,
    attempts  INTEGER NOT NULL,
    failed_at BIGINT  NOT NULL,
    error     TEXT    NOT NULL,
    dead      BOOLEAN NOT NULL,
    PRIMARY KEY (name, instance)
);

-- The SQL scripts of the application that were applied.
CREATE TABLE application_migration (
    number     INTEGER NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    sha256     TEXT    NOT NULL,
    applied_at BIGINT  NOT NULL
);
