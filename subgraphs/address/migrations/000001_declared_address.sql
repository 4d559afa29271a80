-- People who ever declared an address here, by the identity they declared it under.
create table person (
  id text primary key,
  birth_name text not null,
  -- The birth name as kit/foldName.ts folds it: by this a person is looked up, by the rest recognised.
  birth_name_key text not null,
  given_names text not null,
  -- YYYY-MM-DD, or presumed: YYYY-MM, YYYY.
  birth_date text not null,
  gender text not null check (gender in ('male', 'female')),
  -- INSEE COG, empty for a birth abroad.
  birth_place text not null,
  birth_country text not null
);
create index person_by_birth_name on person (birth_name_key);

-- One row for each declaration, never changed: a move is a new row. In force for a usage is the row with the latest effective day that is
-- not in the future; of two with the same day, the one recorded last.
create table declared_address (
  id bigint generated always as identity primary key,
  person_id text not null references person (id),
  usage text not null check (usage in ('MAIN', 'SECONDARY', 'POSTAL')),
  holder text not null,
  declared_on date not null,
  effective_on date not null,
  recipient text,
  additional_info text,
  street_line text,
  locality text,
  post_code text,
  city text,
  insee_code text,
  country text,
  recorded_at timestamptz not null default now()
);
create index declared_address_in_force on declared_address (person_id, usage, effective_on desc, id desc);
