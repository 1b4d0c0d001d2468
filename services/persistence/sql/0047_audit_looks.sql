-- Auditors' looks at findings, samples and replays are looks too, also where no household is behind them: their subject
-- then begins with `*/` and says what was asked for.

alter table look drop constraint look_what_check;
alter table look add constraint look_what_check
  check (what in (
    'issue', 'history', 'ledger', 'household', 'search', 'copy', 'file', 'suggestion', 'finding', 'sample', 'audit'));
