#include "identity/migrations.h"

namespace identity {

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {
      {"identity", 1, "who takes part", R"sql(
create table meta (
  name text primary key,
  value text not null
);
create table connected_system (
  key int64 primary key,
  id text not null unique,
  secret bytes not null,
  enabled bool not null,
  added_at time not null
);
create table organisation (
  key int64 primary key,
  code text not null unique,
  name text not null,
  parent text not null,
  old_code text not null,
  mail text not null,
  system int64 not null,
  effective_from time,
  effective_to time,
  successor text not null,
  deleted bool not null,
  version int64 not null,
  changed_at time not null,
  removed_by int64 not null
);
create index organisation_version on organisation (version);
create table organisation_alias (
  alias text primary key,
  organisation int64 not null,
  version int64 not null
);
)sql"},
      {"identity", 2, "the working calendar", R"sql(
create table calendar_day (
  day int64 primary key,
  kind int64 not null,
  note text not null
);
)sql"},
      {"identity", 3, "people and posts", R"sql(
create table person (
  key int64 primary key,
  login text not null unique,
  family_name text not null,
  given_name text not null,
  title text not null,
  mail text not null,
  enabled bool not null,
  added_at time not null
);
create table post (
  key int64 primary key,
  organisation int64 not null,
  title text not null,
  roles int64 not null,
  with_subordinates bool not null,
  closed bool not null
);
create index post_organisation on post (organisation);
create table appointment (
  key int64 primary key,
  person int64 not null,
  post int64 not null,
  starts_at time not null,
  ends_at time
);
create index appointment_person on appointment (person);
create index appointment_post on appointment (post);
create table delegation (
  key int64 primary key,
  post int64 not null,
  from_person int64 not null,
  to_person int64 not null,
  permissions int64 not null,
  starts_at time not null,
  ends_at time not null,
  reason text not null,
  ended_at time
);
create index delegation_from on delegation (from_person);
create index delegation_to on delegation (to_person);
)sql"},
      {"identity", 4, "how systems sign in, and acts of two", R"sql(
create table system_credential (
  key int64 primary key,
  system int64 not null,
  kind int64 not null,
  name text not null,
  permissions int64 not null,
  added_at time not null,
  expires_at time,
  revoked_at time,
  used_at time,
  hash bytes not null unique
);
create index system_credential_system on system_credential (system);
create table approval (
  key int64 primary key,
  act int64 not null,
  subject text not null,
  body text not null,
  reason text not null,
  state int64 not null,
  proposed_by text not null,
  proposed_at time not null,
  decided_by text not null,
  decided_at time
);
create index approval_waiting on approval (key) where state = 0;
)sql"},
      {"identity", 5, "why an act of two was rejected, and why somebody was shut out", R"sql(
alter table approval add column decision_reason text not null default '';
alter table person add column disabled_reason text not null default '';
)sql"},
  };
  return kAll;
}

}  // namespace identity
