-- Who may do what in the database. huiyin_app (API, worker, command line) adds to the log and reads; huiyin_follower (sealer,
-- read models, relay) reads the log and writes what follows from it; huiyin_keys alone reads the households' keys.
-- Read models: `huiyin migrate` grants their tables and puts row-level security on them (projections/row_security.py).

do $$
begin
  if not exists (select from pg_roles where rolname = 'huiyin_follower') then
    create role huiyin_follower login;
  end if;
exception when duplicate_object or unique_violation then
  null;  -- another database of this cluster is being migrated at the same moment
end
$$;
do $$
begin
  if not exists (select from pg_roles where rolname = 'huiyin_keys') then
    create role huiyin_keys login;
  end if;
exception when duplicate_object or unique_violation then
  null;
end
$$;
do $$
begin
  execute format('grant connect, temporary on database %I to huiyin_follower, huiyin_keys', current_database());
end
$$;

grant select on schema_migration, ledger_events, issue_number to huiyin_follower;
grant select, insert on seal to huiyin_follower;
grant select, update (low_watermark) on seal_progress to huiyin_follower;
grant select, insert, update, delete on follower_position, follower_fault to huiyin_follower;

revoke insert on seal from huiyin_app;
revoke update (low_watermark) on seal_progress from huiyin_app;
revoke insert, update, delete on follower_position, follower_fault from huiyin_app;
