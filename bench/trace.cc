// How long it takes to say where a document is, what waits for a system, and what is new for an
// organisation, in a site filled by truc_bench_fill.
//
//   truc_bench_trace --database URL --key SITE/secret.key --calls 500
#include "exchange/trace.h"

#include <chrono>
#include <string>
#include <vector>

#include "base/random.h"
#include "exchange/feed/feed.h"
#include "plan.h"

namespace {

using Clock = std::chrono::steady_clock;

const store::Query kBounds{"bench.bounds", "select min(id), max(id) from document where kind = 0"};
const store::Query kNear{"bench.near",
                         "select id, sender from document where id >= $1 and kind = 0 "
                         "order by id limit 1"};
const store::Query kBroadcasts{"bench.broadcasts",
                               "select id, sender from document where kind = 0 "
                               "order by id desc limit $1"};

template <class T>
T must(base::Result<T> result) {
  if (!result) bench::die(result.error().detail());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

struct Bed {
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::Blobs> blobs;
  base::SystemClock clock;
  base::SystemRandom random;
  base::Metrics metrics;
  std::unique_ptr<exchange::Exchange> exchange;
};

struct Document {
  exchange::DocumentKey key = 0;
  exchange::OrganisationKey sender = 0;
};

Document any_document(Bed& bed, base::SeededRandom& random) {
  Document document;
  must(bed.database->read([&](store::Connection& connection) -> base::Result<void> {
    std::int64_t least = 0, most = 0;
    TRY(connection.first(kBounds, {}, [&](const store::Row& row) {
      least = row.integer(0);
      most = row.integer(1);
    }));
    const auto place =
        least + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least)));
    TRY(connection.first(kNear, {place}, [&](const store::Row& row) {
      document = {row.integer(0), row.integer(1)};
    }));
    return base::done();
  }));
  return document;
}

std::vector<Document> broadcasts(Bed& bed, std::int64_t count) {
  std::vector<Document> out;
  must(bed.database->read([&](store::Connection& connection) {
    out.clear();
    return connection.each(kBroadcasts, {count}, [&](const store::Row& row) {
      out.push_back({row.integer(0), row.integer(1)});
      return true;
    });
  }));
  return out;
}

template <class Call>
void measure(load::Latencies& latencies, const Call& call) {
  const auto start = Clock::now();
  call();
  latencies.add(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
}

std::size_t trace(Bed& bed, const Document& document) {
  identity::Reach viewer;
  viewer.organisations = {document.sender};
  const auto traced = must(exchange::trace(
      *bed.exchange, viewer, exchange::document_id_text(bed.exchange->site(), document.key)));
  // What the API would send.
  return to_json(*bed.exchange, traced, true).dump().size();
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const std::int64_t calls = arguments.number("calls", 500);
  Bed bed;
  store::Database::Options options;
  options.url = arguments.text("database", "");
  bed.database = must(store::Database::open(options));
  bed.blobs = must(store::open_blob_directory(base::real_files(), bed.random,
                                              arguments.text("blobs", "/tmp/truc-bench-blobs")));
  bed.exchange = must(exchange::Exchange::open(
      {*bed.database, *bed.blobs, bed.clock, bed.random, bed.metrics,
       bench::read_file(arguments.text("key", "secret.key")), exchange::Policy()}));
  base::SeededRandom random(7);
  bench::Figures figures;
  load::Latencies traces, large, lists, pages;
  for (std::int64_t i = 0; i < calls; ++i) {
    const Document document = any_document(bed, random);
    measure(traces, [&] { trace(bed, document); });
  }
  const auto to_all = broadcasts(bed, 20);
  for (std::int64_t i = 0; i < std::min<std::int64_t>(calls, 200); ++i) {
    measure(large, [&] { trace(bed, to_all[static_cast<std::size_t>(i) % to_all.size()]); });
  }
  const auto systems = bed.exchange->directory().systems();
  exchange::ListFilter filter;
  filter.page_size = 50;
  for (std::int64_t i = 0; i < calls; ++i) {
    const auto system = systems[static_cast<std::size_t>(i) % systems.size()].key;
    measure(lists, [&] { must(bed.exchange->pending(system, edxml::Kind::document, filter)); });
  }
  exchange::feed::Feed feed(*bed.exchange, {});
  const auto started = Clock::now();
  std::int64_t followed = 0;
  for (std::int64_t some = 1; some > 0; followed += some) some = must(feed.follow(2000));
  figures.add("follow_seconds", std::chrono::duration<double>(Clock::now() - started).count());
  figures.add_count("followed", static_cast<std::uint64_t>(followed));
  const exchange::feed::Feed cold(*bed.exchange, {});  // with nothing in memory
  const std::string beginning = must(cold.start_from("beginning"));
  std::vector<exchange::OrganisationKey> keys;
  bed.exchange->directory().each([&](const auto& one) { keys.push_back(one.key); });
  for (std::int64_t i = 0; i < calls; ++i) {
    const auto key = keys[static_cast<std::size_t>(i) % keys.size()];
    measure(pages, [&] { must(cold.read({key}, beginning, 100)); });
  }
  figures.add_latencies(traces, "trace_");
  figures.add_latencies(large, "trace_628_");
  figures.add_latencies(lists, "list_");
  figures.add_latencies(pages, "feed_page_");
  figures.add("trace_p95_ms", traces.at(0.95));
  figures.add("trace_628_p95_ms", large.at(0.95));
  figures.add("list_p95_ms", lists.at(0.95));
  figures.add("feed_page_p95_ms", pages.at(0.95));
  figures.print();
  return 0;
}
