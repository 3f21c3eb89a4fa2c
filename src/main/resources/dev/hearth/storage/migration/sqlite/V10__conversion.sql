-- The account between two currencies, where Stripe changes what was paid into the one that it settles in. SQLite
-- changes no CHECK of a table that is there: the entries go to a new one.
CREATE TABLE journal_entry_new (
    journal_id TEXT   NOT NULL REFERENCES journal (id),
    account    TEXT   NOT NULL CHECK (account IN ('receivable_stripe', 'revenue', 'fees', 'refunds',
                   'disputes', 'payouts', 'conversion')),
    currency   TEXT   NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (journal_id, account, currency)
);
INSERT INTO journal_entry_new SELECT journal_id, account, currency, amount FROM journal_entry;
DROP TABLE journal_entry;
ALTER TABLE journal_entry_new RENAME TO journal_entry;

CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry
BEGIN
    SELECT RAISE(ABORT, 'the journal is only ever added to');
END;

CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
BEGIN
    SELECT RAISE(ABORT, 'the journal is only ever added to');
END;
