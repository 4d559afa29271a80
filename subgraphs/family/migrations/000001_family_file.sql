-- What the funds answer, one row for each file: the shape of API Particulier v3 as it came, broken values included (payload.ts reads it).
create table family_file (
  id text primary key,
  holder text not null check (holder in ('CNAF', 'MSA')),
  payload jsonb not null
);

-- Who the fund knows the beneficiaries to be; what the payload prints of them may differ.
create table beneficiary (
  file_id text not null references family_file (id),
  -- The order of the payload's allocataires, from 1.
  position smallint not null,
  birth_name text not null,
  -- The birth name as kit/foldName.ts folds it: by this a person is looked up, by the rest recognised.
  birth_name_key text not null,
  given_names text not null,
  -- YYYY-MM-DD, or presumed: YYYY-MM, YYYY.
  birth_date text not null,
  gender text not null check (gender in ('male', 'female')),
  -- INSEE COG, empty for a birth abroad.
  birth_place text not null,
  birth_country text not null,
  primary key (file_id, position)
);
create index beneficiary_by_birth_name on beneficiary (birth_name_key);
