-- Histories made before this learn with which department their case is now, so that the lines' own row-level security keeps
-- other departments out. New installations get the column from `huiyin migrate` itself.

alter table if exists issue_history add column if not exists department text;

do $$
begin
  if to_regclass('issue_history') is not null then
    alter table issue_history no force row level security;  -- `huiyin migrate` protects it again when the files are done
    update issue_history line set department = moved.department
    from (
      select distinct on (issue_id) issue_id, details ->> 'department' as department
      from issue_history
      where topic in ('issue.escalated', 'issue.escalation_returned', 'issue.reopened')
      order by issue_id, version desc
    ) moved
    where moved.issue_id = line.issue_id and line.department is distinct from moved.department;
  end if;
end
$$;
