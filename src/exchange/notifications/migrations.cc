#include "exchange/notifications/migrations.h"

namespace exchange::notifications {

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {
      {"notifications", 1, "who has read what, and wishes to be told what", R"sql(
create table notification_reader (
  person int64 primary key,
  seq int64,
  until time,
  hidden int64 not null,
  quiet_from int64,
  quiet_to int64
);
create table notification_read (
  person int64 not null,
  id text not null,
  read_at time not null,
  primary key (person, id)
);
create index notification_read_at on notification_read (person, read_at);
)sql"}};
  return kAll;
}

}  // namespace exchange::notifications
