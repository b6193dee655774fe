#include "store/connection.h"

namespace store {

base::Result<bool> Connection::first(const Query& query, Params params,
                                     const std::function<void(const Row&)>& row) {
  bool found = false;
  TRY(each(query, params, [&](const Row& r) {
    found = true;
    row(r);
    return false;
  }));
  return found;
}

base::Result<std::optional<std::int64_t>> Connection::integer(const Query& query, Params params) {
  std::optional<std::int64_t> value;
  TRY(first(query, params, [&](const Row& r) {
    if (!r.is_null(0)) value = r.integer(0);
  }));
  return value;
}

}  // namespace store
