#include "insight/migrations.h"

namespace insight {

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {
      {"insight", 1, "counts by day", R"sql(
create table insight_cell (
  organisation int64 not null,
  direction int64 not null,
  day int64 not null,
  open int64 not null,
  cell bytes not null,
  primary key (organisation, direction, day)
);
create index insight_cell_day on insight_cell (day);
create table insight_state (
  id int64 primary key,
  position int64 not null,
  basis text not null,
  as_of time not null
);
create index delivery_recall_waits on delivery (id) where recall = 1;
)sql"},
      {"insight", 2, "assumptions", R"sql(
create table insight_assumption (
  version int64 primary key,
  code text not null,
  value text not null,
  low text not null,
  high text not null,
  source text not null,
  owner text not null,
  valid_from int64 not null,
  note text not null,
  set_by text not null,
  set_at time not null
);
)sql"},
      {"insight", 3, "reports", R"sql(
create table insight_report (
  id int64 primary key,
  month int64 not null,
  made_at time not null,
  inputs text not null,
  csv bytes not null,
  pdf bytes not null,
  body_bytes int64 not null
);
)sql"},
  };
  return kAll;
}

}  // namespace insight
