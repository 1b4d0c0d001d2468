-- Complaints about officials: read models made before them gain the column that says whom an issue concerns, and the lines
-- of histories the village of their issue. New installations get the same tables from `huiyin migrate` itself.

alter table if exists issue_ledger add column if not exists concerns text;
alter table if exists dashboard add column if not exists concerns text;
alter table if exists issue_history add column if not exists village text;
alter table if exists issue_history add column if not exists concerns text;

do $$
begin
  if to_regclass('issue_history') is not null then
    alter table issue_history no force row level security;  -- `huiyin migrate` protects it again when the files are done
    update issue_history line set village = first.details ->> 'village'
    from issue_history first
    where first.issue_id = line.issue_id and first.version = 1 and line.village is null;
    alter table issue_history alter column village set not null;
  end if;
end
$$;
