-- Photos and papers: which there are, whose key seals each, which matter it is claimed
-- for (`named_at`: an event of it names it). The contents lie elsewhere
-- (HUIYIN_FILES_URL), under `file_id`. `digest`: SHA-256 of the sealed content, as events name it; `preview_digest`: of
-- its small picture. `asked`: a keyed hash of what was uploaded, which tells a repeat. `place` and `household` say whom
-- it may show, and `generation` of whose keys seals it (null: the office's own key, for nobody's household).

create table file (
  file_id        uuid        primary key,
  digest         text        not null unique check (digest ~ '^[0-9a-f]{64}$'),
  preview_digest text        check (preview_digest ~ '^[0-9a-f]{64}$'),
  upload_id      uuid        not null unique,
  asked          bytea       check (octet_length(asked) = 32),
  media_type     text        not null check (media_type in ('image/jpeg', 'image/png', 'application/pdf')),
  bytes          integer     not null check (bytes > 0),
  width          integer     check (width > 0),
  height         integer     check (height > 0),
  place          text        not null,
  household      text,
  generation     integer,
  uploaded_by    text        not null,
  uploaded_at    timestamptz not null default clock_timestamp(),
  stored_at      timestamptz,
  claimed_for    uuid,
  claimed_at     timestamptz,
  named_at       timestamptz,
  erased_at      timestamptz,
  checked_at     timestamptz,
  fault          text        check (fault in ('missing', 'altered')),
  check ((household is null) = (generation is null)),
  check ((claimed_for is null) = (claimed_at is null)),
  check (named_at is null or claimed_for is not null)
);
create index on file (uploaded_by, uploaded_at) where claimed_for is null;
create index on file (uploaded_at) where named_at is null;
create index on file (claimed_for);
create index on file (place, household) where household is not null;
create index on file (checked_at nulls first, file_id) where stored_at is not null and erased_at is null;

-- One round of `huiyin files check` after another; the one that has not ended is gone on with.
create table file_check (
  round    integer     generated always as identity primary key,
  began_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz check (ended_at >= began_at)
);

grant select, insert, delete,
  update (stored_at, claimed_for, claimed_at, named_at, erased_at, asked, checked_at, fault) on file to huiyin_app;
grant select, insert, update (ended_at) on file_check to huiyin_app;

-- A look at a photo or paper is one too.
alter table look drop constraint look_what_check,
  add constraint look_what_check check (what in ('issue', 'history', 'ledger', 'household', 'search', 'copy', 'file'));
