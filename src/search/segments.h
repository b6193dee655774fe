// The tables of the index, and lists read from them, kept for the next query.
#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "search/postings.h"
#include "store/database.h"

namespace search {

// Documents first … first + documents - 1, by their numbers.
struct Segment {
  std::int64_t id = 0, first = 0, documents = 0, day_min = 0, day_max = 0;
};
// Those that queries see, oldest documents first.
base::Result<std::vector<Segment>> live_segments(store::Connection& connection);

base::Error damaged(std::int64_t segment);

// Lists, and whatever else is computed from a segment, by name. A segment never changes and its id
// is never used again, so nothing here gets old. Any thread.
class Cache {
 public:
  explicit Cache(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  std::shared_ptr<const List> find(std::int64_t segment, std::string_view name);
  std::shared_ptr<const List> keep(std::int64_t segment, std::string_view name, List list);

 private:
  struct Held {
    std::string key;
    std::shared_ptr<const List> list;
    std::size_t bytes = 0;
  };
  static std::string key_of(std::int64_t segment, std::string_view name);
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::list<Held> held_;  // the latest used first
  std::unordered_map<std::string, std::list<Held>::iterator> by_key_;
  std::size_t bytes_ = 0;
};

// The list of a term in a segment, never null; search.index_damaged.
base::Result<std::shared_ptr<const List>> read_list(store::Connection& connection, Cache& cache,
                                                    std::int64_t segment, std::string_view term);

}  // namespace search
