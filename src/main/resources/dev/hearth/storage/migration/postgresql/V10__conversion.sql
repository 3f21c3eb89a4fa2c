-- The account between two currencies, where Stripe changes what was paid into the one that it settles in.
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_account_check;
ALTER TABLE journal_entry ADD CONSTRAINT journal_entry_account_check
    CHECK (account IN ('receivable_stripe', 'revenue', 'fees', 'refunds', 'disputes', 'payouts', 'conversion'));
