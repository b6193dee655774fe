// Fills the records of a site with very many documents, quickly, for benchmarks of what reads them.
//
//   truc_bench_fill --database URL --documents 1000000 --recipients 5 --broadcasts 20 --days 0
//
// The site has its organisations (as bench/hub.py makes it), nothing else, and is not served
// meanwhile. They came over the last hours, or over so many days. Rows are those that accepting,
// fetching and acknowledging would write, and the journal is chained as always, so that `truc
// verify --quick` passes. The shortcut: there are no bytes. Each document has a hash of its own and
// the same short blob, which fetching would find missing.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "exchange/migrations.h"
#include "exchange/records.h"
#include "plan.h"
#include "store/journal.h"

namespace {

using exchange::OrganisationKey;
namespace records = exchange::records;

const store::Query kOrganisations{"bench.organisations",
                                  "select key, code, system from organisation order by key"};
const store::Query kSite{"bench.site", "select value from meta where name = 'site'"};

struct Member {
  OrganisationKey key = 0;
  std::string code;
  exchange::SystemKey system = 0;
};

class Filling {
 public:
  Filling(store::Database& database, std::uint64_t seed) : database_(database), random_(seed) {}

  base::Result<void> read_site() {
    return database_.read([&](store::Connection& connection) -> base::Result<void> {
      TRY(connection.first(kSite, {}, [&](const store::Row& row) {
        site_ = static_cast<std::uint32_t>(std::stoull(row.string(0)));
      }));
      return connection.each(kOrganisations, {}, [&](const store::Row& row) {
        members_.push_back({row.integer(0), row.string(1), row.integer(2)});
        return true;
      });
    });
  }
  std::size_t members() const { return members_.size(); }

  // Documents of one transaction, from `at` on. Over days, recipients take up to two of them to
  // fetch and acknowledge; otherwise they do at once.
  base::Result<void> add(std::int64_t documents, std::size_t recipients, base::Time at,
                         base::Duration step = base::Duration(1)) {
    slow_ = step > std::chrono::milliseconds(100);
    return database_.write([&](store::Connection& connection) -> base::Result<void> {
      for (std::int64_t i = 0; i < documents; ++i) {
        TRY(add_one(connection, recipients, at + i * step));
      }
      return base::done();
    });
  }

 private:
  base::Result<void> add_one(store::Connection& connection, std::size_t recipients, base::Time at) {
    const Member& sender = members_[random_.below(members_.size())];
    const std::int64_t number = ++made_;
    const std::string code =
        std::to_string(number % 4000 + 1) + "/UBND-VP" + std::to_string(number / 4000);
    const std::string id = sender.code + ",2026/11/20," + code;
    const base::Bytes hash = base::sha256(id);
    const std::string subject = "V/v phối hợp thực hiện nhiệm vụ số " + std::to_string(number);
    records::NewDocument row;
    row.id = TRY(records::new_document_key(connection, at));
    row.system = sender.system;
    row.sender = sender.key;
    row.hash = hash;
    row.blob = "pack/0/0";
    row.size = 20480;
    row.document_id = id;
    row.code = code;
    row.promulgated = "2026/11/20";
    row.subject = subject;
    row.accepted_at = at;
    TRY(records::insert_document(connection, row));
    base::Json to{base::Json::Array{}};
    const std::size_t first = random_.below(members_.size());
    for (std::size_t i = 0; i < recipients; ++i) {
      const Member& member = members_[(first + i) % members_.size()];
      const auto key = exchange::delivery_key(row.id, static_cast<std::int64_t>(i));
      exchange::Organisation recipient;
      recipient.key = member.key;
      recipient.system = member.system;
      TRY(records::insert_delivery(connection, key, recipient, edxml::Kind::document, 0, at));
      to.push(member.code);
    }
    base::Json body;
    body.add("from", sender.code).add("kind", "edoc").add("hash", base::hex(hash));
    body.add("size", static_cast<std::int64_t>(row.size)).add("urgency", 0);
    body.add("to", std::move(to));
    TRY(store::journal::append(connection, at, "accepted",
                               exchange::document_id_text(site_, row.id), body));
    return advance(connection, row.id, recipients, at);
  }

  // Most copies are fetched and stored; one in fifty still waits.
  base::Result<void> advance(store::Connection& connection, exchange::DocumentKey document,
                             std::size_t recipients, base::Time at) {
    for (std::size_t i = 0; i < recipients; ++i) {
      if (random_.below(50) == 0) continue;
      const auto key = exchange::delivery_key(document, static_cast<std::int64_t>(i));
      const base::Time done =
          at + std::chrono::seconds(slow_ ? static_cast<std::int64_t>(random_.below(172'800)) : 0);
      if (done > now_) continue;
      exchange::DeliveryState state;
      state.fetched = true;
      state.transport = exchange::Transport::done;
      TRY(records::update_delivery(connection, key, state, "done", done));
      // One in five has its entries too: what a trace of the newest documents has to read.
      if (recipients < 100 && random_.below(5) != 0) continue;
      const std::string id = exchange::delivery_id_text(site_, key);
      base::Json body;
      body.add("word", "done");
      TRY(store::journal::append(connection, done, "fetched", id, {}));
      TRY(store::journal::append(connection, done, "acknowledged", id, body));
    }
    return base::done();
  }

  store::Database& database_;
  base::SeededRandom random_;
  std::uint32_t site_ = 0;
  std::vector<Member> members_;
  const base::Time now_ = base::SystemClock().now();
  bool slow_ = false;
  std::int64_t made_ = 0;
};

template <class T>
T must(base::Result<T> result) {
  if (!result) bench::die(result.error().detail());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const std::int64_t documents = arguments.number("documents", 1'000'000);
  const auto recipients = static_cast<std::size_t>(arguments.number("recipients", 5));
  const std::int64_t broadcasts = arguments.number("broadcasts", 20);
  const std::int64_t days = arguments.number("days", 0);
  store::Database::Options options;
  options.url = arguments.text("database", "");
  const auto database = must(store::Database::open(options));
  must(exchange::migrate(*database));
  Filling filling(*database, static_cast<std::uint64_t>(arguments.number("seed", 1)));
  must(filling.read_site());
  if (filling.members() < recipients) bench::die("the site has too few organisations");
  const auto start = std::chrono::steady_clock::now();
  const base::Time now = base::SystemClock().now();
  constexpr std::int64_t kTogether = 5000;
  std::int64_t made = 0;
  while (made < documents) {
    const std::int64_t some = std::min(kTogether, documents - made);
    if (days > 0) {
      const base::Duration step = base::Duration(std::chrono::hours(24 * days)) / documents;
      must(filling.add(some, recipients, now - step * (documents - made), step));
    } else {
      must(filling.add(some, recipients, now - base::Duration((documents - made) * 10000)));
    }
    made += some;
  }
  must(filling.add(broadcasts, filling.members(), now));
  bench::Figures figures;
  figures.add_count("documents", static_cast<std::uint64_t>(documents + broadcasts));
  figures.add_count("deliveries", static_cast<std::uint64_t>(documents) * recipients +
                                      static_cast<std::uint64_t>(broadcasts) * filling.members());
  figures.add("seconds",
              std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  figures.print();
  return 0;
}
