#include "exchange/feed/migrations.h"

namespace exchange::feed {

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {{"feed", 1, "what concerns whom", R"sql(
create table feed (
  organisation int64 not null,
  last_seq int64 not null,
  places bytes not null,
  primary key (organisation, last_seq)
);
create table feed_position (
  id int64 primary key,
  seq int64 not null,
  floor int64 not null
);
)sql"},
                                                     {"feed", 2, "when systems called", R"sql(
create table system_seen (
  system int64 primary key,
  seen_at time not null
);
)sql"},
                                                     {"feed", 3, "documents by number", R"sql(
create index document_code on document (code, sender) where kind = 0;
)sql"},
                                                     {"feed", 4, "how systems call", R"sql(
alter table system_seen add column first_at time;
alter table system_seen add column protocol int64 not null default 0;
alter table system_seen add column remote text not null default '';
create table system_refused (
  system int64 not null,
  reason text not null,
  calls int64 not null,
  first_at time not null,
  last_at time not null,
  protocol int64 not null,
  remote text not null,
  primary key (system, reason)
);
create table system_refused_lately (
  system int64 not null,
  slot int64 not null,
  reason text not null,
  calls int64 not null,
  primary key (system, slot, reason)
);
)sql"}};
  return kAll;
}

}  // namespace exchange::feed
