-- Words that were likened to others', and the case named for it: a look of its own kind.

alter table look drop constraint look_what_check;
alter table look add constraint look_what_check
  check (what in ('issue', 'history', 'ledger', 'household', 'search', 'copy', 'file', 'suggestion'));
