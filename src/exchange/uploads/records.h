// The rows of uploads. Each call works within the transaction of its connection.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/uploads/uploads.h"
#include "store/database.h"

namespace exchange::uploads::records {

struct Row {
  std::string id;
  Owner owner;
  std::optional<std::uint64_t> size;
  std::uint64_t reserved = 0;  // bytes of the owner's quota: the size; before it is known, in steps
  std::string metadata;
  std::string concat;
  base::Time created_at, expires_at;
  base::Bytes sha256;  // empty until it is known
};

// What an owner has: how many uploads, and the bytes that they may take.
struct Held {
  std::int64_t uploads = 0;
  std::uint64_t bytes = 0;
};

base::Result<std::optional<Row>> find(store::Connection& connection, std::string_view id);
base::Result<std::optional<Row>> find_by_hash(store::Connection& connection, const Owner& owner,
                                              base::BytesView sha256);
base::Result<std::vector<Row>> expired(store::Connection& connection, base::Time now);
base::Result<Held> held(store::Connection& connection, const Owner& owner);
base::Result<void> insert(store::Connection& connection, const Row& row);
// These change nothing when the upload is gone.
base::Result<void> set_size(store::Connection& connection, std::string_view id, std::uint64_t size);
base::Result<void> reserve(store::Connection& connection, std::string_view id, std::uint64_t bytes);
base::Result<void> prolong(store::Connection& connection, std::string_view id, base::Time until);
base::Result<void> set_hash(store::Connection& connection, std::string_view id,
                            base::BytesView sha256);
base::Result<void> remove(store::Connection& connection, std::string_view id);

// The table, for exchange::migrate().
const std::vector<store::Migration>& migrations();

}  // namespace exchange::uploads::records
