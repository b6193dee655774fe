#include "exchange/uploads/records.h"

namespace exchange::uploads::records {
namespace {

using base::Result;
using store::Connection;
using store::Query;

const Query kFind{
    "uploads.find",
    "select id, caller, organisation, size, metadata, concat, created_at, expires_at, "
    "sha256, reserved from upload where id = $1"};
const Query kByHash{
    "uploads.by_hash",
    "select id, caller, organisation, size, metadata, concat, created_at, "
    "expires_at, sha256, reserved from upload where caller = $1 and organisation = $2 and "
    "sha256 = $3 order by expires_at desc limit 1"};
const Query kExpired{
    "uploads.expired",
    "select id, caller, organisation, size, metadata, concat, created_at, "
    "expires_at, sha256, reserved from upload where expires_at <= $1 order by expires_at "
    "limit 1000"};
const Query kCount{"uploads.count",
                   "select count(*) from upload where caller = $1 and organisation = $2"};
const Query kReserved{
    "uploads.reserved",
    "select cast(coalesce(sum(reserved), 0) as bigint) from upload where caller = $1 and "
    "organisation = $2"};
const Query kInsert{
    "uploads.insert",
    "insert into upload (id, caller, organisation, size, reserved, metadata, concat, "
    "created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
const Query kSetSize{"uploads.set_size",
                     "update upload set size = $2, reserved = $2 where id = $1"};
const Query kReserve{"uploads.reserve", "update upload set reserved = $2 where id = $1"};
const Query kProlong{"uploads.prolong", "update upload set expires_at = $2 where id = $1"};
const Query kSetHash{"uploads.set_hash", "update upload set sha256 = $2 where id = $1"};
const Query kRemove{"uploads.remove", "delete from upload where id = $1"};

Row row_of(const store::Row& from) {
  Row row;
  row.id = from.string(0);
  row.owner = {from.string(1), from.integer(2)};
  if (!from.is_null(3)) row.size = static_cast<std::uint64_t>(from.integer(3));
  row.metadata = from.string(4);
  row.concat = from.string(5);
  row.created_at = from.time(6);
  row.expires_at = from.time(7);
  row.sha256 = base::Bytes(from.bytes(8));
  row.reserved = static_cast<std::uint64_t>(from.integer(9));
  return row;
}

Result<std::optional<Row>> one(Connection& connection, const Query& query, store::Params params) {
  std::optional<Row> found;
  TRY(connection.first(query, params, [&](const store::Row& row) { found = row_of(row); }));
  return found;
}

Result<void> run(Connection& connection, const Query& query, store::Params params) {
  TRY(connection.run(query, params));
  return base::done();
}

}  // namespace

Result<std::optional<Row>> find(Connection& connection, std::string_view id) {
  return one(connection, kFind, {id});
}

Result<std::optional<Row>> find_by_hash(Connection& connection, const Owner& owner,
                                        base::BytesView sha256) {
  return one(connection, kByHash, {owner.caller, owner.organisation, store::Blob{sha256}});
}

Result<std::vector<Row>> expired(Connection& connection, base::Time now) {
  std::vector<Row> rows;
  TRY(connection.each(kExpired, {now}, [&](const store::Row& row) {
    rows.push_back(row_of(row));
    return true;
  }));
  return rows;
}

Result<Held> held(Connection& connection, const Owner& owner) {
  Held held;
  held.uploads = TRY(connection.integer(kCount, {owner.caller, owner.organisation})).value_or(0);
  held.bytes = static_cast<std::uint64_t>(
      TRY(connection.integer(kReserved, {owner.caller, owner.organisation})).value_or(0));
  return held;
}

Result<void> insert(Connection& connection, const Row& row) {
  return run(connection, kInsert,
             {row.id, row.owner.caller, row.owner.organisation, row.size, row.reserved,
              row.metadata, row.concat, row.created_at, row.expires_at});
}

Result<void> set_size(Connection& connection, std::string_view id, std::uint64_t size) {
  return run(connection, kSetSize, {id, size});
}

Result<void> reserve(Connection& connection, std::string_view id, std::uint64_t bytes) {
  return run(connection, kReserve, {id, bytes});
}

Result<void> prolong(Connection& connection, std::string_view id, base::Time until) {
  return run(connection, kProlong, {id, until});
}

Result<void> set_hash(Connection& connection, std::string_view id, base::BytesView sha256) {
  return run(connection, kSetHash, {id, store::Blob{sha256}});
}

Result<void> remove(Connection& connection, std::string_view id) {
  return run(connection, kRemove, {id});
}

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {
      {"uploads", 1, "uploads", R"sql(
create table upload (
  id text primary key,
  caller text not null,
  organisation int64 not null,
  size int64,
  reserved int64 not null,
  metadata text not null,
  concat text not null,
  created_at time not null,
  expires_at time not null,
  sha256 bytes
);
create index upload_owner on upload (caller, organisation);
create index upload_expiry on upload (expires_at);
)sql"},
  };
  return kAll;
}

}  // namespace exchange::uploads::records
