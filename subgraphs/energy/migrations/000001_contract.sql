-- The supplier's customers, each once, however many contracts they hold.
create table customer (
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
create index customer_by_birth_name on customer (birth_name_key);

-- One supply at one delivery point. In force from started_on on, until the day before ended_on.
create table contract (
  id text primary key,
  supplier text not null,
  -- Null for a supply that was asked for through the hub and has no number yet.
  reference text,
  energy text not null check (energy in ('ELECTRICITY', 'GAS')),
  meter text,
  started_on date not null,
  ended_on date,
  -- Deliveries of the declarations that opened and ended it, so that an amendment or a cancellation finds it.
  opened_by text,
  ended_by text,
  recipient text,
  additional_info text,
  street_line text,
  locality text,
  post_code text,
  city text,
  insee_code text,
  country text
);
create index contract_opened_by on contract (opened_by) where opened_by is not null;
create index contract_ended_by on contract (ended_by) where ended_by is not null;

create table contract_holder (
  contract_id text not null references contract (id) on delete cascade,
  customer_id text not null references customer (id),
  -- The order in which they signed, from 1.
  position smallint not null,
  primary key (contract_id, customer_id)
);
create index contract_holder_by_customer on contract_holder (customer_id);
