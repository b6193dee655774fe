#include "exchange/webhooks/migrations.h"

namespace exchange::webhooks {

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {{"webhooks", 1, "webhooks", R"sql(
create table webhook (
  key int64 primary key,
  id text not null unique,
  organisation int64 not null,
  system int64 not null,
  url text not null,
  types text not null,
  secret bytes not null,
  previous_secret bytes,
  previous_until time,
  state int64 not null,
  why text not null,
  cursor text not null,
  failures int64 not null,
  failing_since time,
  next_at time not null,
  version int64 not null,
  created_at time not null
);
create index webhook_organisation on webhook (organisation);
create index webhook_system on webhook (system);
create table webhook_attempt (
  id int64 primary key,
  webhook int64 not null,
  event text not null,
  type text not null,
  at time not null,
  status int64 not null,
  duration int64 not null,
  error text not null
);
create index webhook_attempt_webhook on webhook_attempt (webhook, id);
)sql"}};
  return kAll;
}

}  // namespace exchange::webhooks
