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
  };
  return kAll;
}

}  // namespace identity
