#include "search/segments.h"

namespace search {
namespace {

using store::Query;

constexpr std::size_t kOverhead = 200;  // of an entry that is held

const Query kSegments{
    "search.segments",
    "select id, first, documents, day_min, day_max from search_segment where live = 1 "
    "order by first"};
const Query kPage{
    "search.page",
    "select data from search_page where segment = $1 and first <= $2 order by first desc "
    "limit 1"};

}  // namespace

base::Error damaged(std::int64_t segment) {
  return base::Error(base::Code::data_loss, "search.index_damaged",
                     "the search index is damaged (segment " + std::to_string(segment) +
                         "); truc search rebuild makes it anew",
                     "Chỉ mục tìm kiếm bị hỏng (đoạn " + std::to_string(segment) +
                         "); chạy truc search rebuild để lập lại");
}

base::Result<std::vector<Segment>> live_segments(store::Connection& connection) {
  std::vector<Segment> all;
  TRY(connection.each(kSegments, {}, [&](const store::Row& row) {
    all.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)});
    return true;
  }));
  return all;
}

std::string Cache::key_of(std::int64_t segment, std::string_view name) {
  return std::to_string(segment).append("/").append(name);
}

std::shared_ptr<const List> Cache::find(std::int64_t segment, std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key_of(segment, name));
  if (found == by_key_.end()) return nullptr;
  held_.splice(held_.begin(), held_, found->second);
  return found->second->list;
}

std::shared_ptr<const List> Cache::keep(std::int64_t segment, std::string_view name, List list) {
  auto shared = std::make_shared<const List>(std::move(list));
  const std::size_t bytes = shared->bytes.size() + kOverhead;
  if (bytes > bytes_max_ / 4) return shared;
  const std::lock_guard lock(mutex_);
  std::string key = key_of(segment, name);
  if (by_key_.count(key) > 0) return shared;
  held_.push_front({key, shared, bytes});
  by_key_.emplace(std::move(key), held_.begin());
  bytes_ += bytes;
  while (bytes_ > bytes_max_) {
    bytes_ -= held_.back().bytes;
    by_key_.erase(held_.back().key);
    held_.pop_back();
  }
  return shared;
}

base::Result<std::shared_ptr<const List>> read_list(store::Connection& connection, Cache& cache,
                                                    std::int64_t segment, std::string_view term) {
  if (auto held = cache.find(segment, term)) return held;
  std::optional<List> list = List{};
  TRY(connection.first(kPage, {segment, term},
                       [&](const store::Row& row) { list = list_of(row.bytes(0), term); }));
  if (!list) return damaged(segment);
  return cache.keep(segment, term, *std::move(list));
}

}  // namespace search
