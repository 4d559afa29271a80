-- The declarants of each tax household, as the tax office knows them.
create table declarant (
  household text not null,
  -- Which of the notice's declarants, 1 or 2.
  position smallint not null check (position in (1, 2)),
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
  primary key (household, position)
);
create index declarant_by_birth_name on declarant (birth_name_key);

-- One row for each household and income year: the notice as it was issued, in one of two shapes (impotParticulier.ts, svair.ts).
create table assessment (
  household text not null,
  income_year integer not null,
  format text not null check (format in ('API_IMPOT_PARTICULIER', 'SVAIR')),
  notice jsonb not null,
  primary key (household, income_year)
);
