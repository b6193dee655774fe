#include "trust/evidence/sealer.h"

#include <algorithm>

#include "base/hash.h"
#include "base/log.h"

namespace trust::evidence {

using base::Bytes;
using base::Error;
using base::Result;
using store::Blob;
using store::Connection;
using store::Query;
using store::Row;

namespace {

const Query kEnd{"evidence.batched_to", "select max(last_seq) from evidence_batch"};
const Query kNumber{"evidence.last_batch", "select max(number) from evidence_batch"};
const Query kNext{"evidence.next",
                  "select hash, body from evidence where seq > $1 order by seq limit $2"};
const Query kInsert{"evidence.insert_batch",
                    "insert into evidence_batch (number, first_seq, last_seq, opened_at, note, "
                    "log_from, degraded) values ($1, $2, $3, $4, $5, $6, $7)"};
const Query kUnsigned{
    "evidence.unsigned",
    "select number, first_seq, last_seq, note, log_from, signature "
    "from evidence_batch where signature is null and number > $2 order by number limit $1"};
const Query kUnlogged{
    "evidence.unlogged",
    "select number, first_seq, last_seq, note, log_from, signature "
    "from evidence_batch where log_index is null and number > $2 order by number limit $1"};
const Query kUnstamped{"evidence.unstamped",
                       "select number, first_seq, last_seq, note, log_from, signature "
                       "from evidence_batch where stamp is null and signature is not null "
                       "and number > $2 order by number limit $1"};
const Query kHashes{"evidence.batch_hashes",
                    "select hash from evidence where seq between $1 and $2 order by seq"};
const Query kBody{"evidence.body", "select body from evidence where seq = $1"};
const Query kSigned{"evidence.signed",
                    "update evidence_batch set signature = $2 where number = $1"};
const Query kLogged{"evidence.logged",
                    "update evidence_batch set log_index = $2 where number = $1"};
const Query kStamped{"evidence.stamped",
                     "update evidence_batch set stamp = $2, stamped_at = $3 where number = $1"};
struct Part {
  std::string_view name;
  Query declare;
};
const Part kSignature{"signature",
                      {"evidence.declare_unsigned",
                       "update evidence_batch set degraded = degraded || $1 || ',' "
                       "where signature is null and degraded not like '%' || $1 || '%'"}};
const Part kLog{"log",
                {"evidence.declare_unlogged",
                 "update evidence_batch set degraded = degraded || $1 || ',' "
                 "where log_index is null and degraded not like '%' || $1 || '%'"}};
const Part kTimestamp{"timestamp",
                      {"evidence.declare_unstamped",
                       "update evidence_batch set degraded = degraded || $1 || ',' "
                       "where stamp is null and degraded not like '%' || $1 || '%'"}};

std::string word_of(const Part& part) { return std::string(part.name) + "_unavailable"; }

}  // namespace

Result<Sealer::Round> Sealer::step() {
  Round round;
  TRY(make_batches(round));
  TRY(sign(round));
  if (parts_.log != nullptr) TRY(enter(round));
  if (parts_.timestamps != nullptr) TRY(stamp(round));
  TRY(declare());
  return round;
}

Result<void> Sealer::make_batches(Round& round) {
  const std::size_t most = std::min(parts_.options.batch_max, log::kGroupEntriesMax);
  std::string degraded;
  for (const std::string& word : parts_.book.declared()) degraded += word + ",";
  for (std::size_t i = 0; i < parts_.options.round_max; ++i) {
    // Read outside of the writer, which others wait for: what is there does not change any more.
    // A batch ends where the certificate changes: one signature is made with one key.
    std::vector<Bytes> hashes;
    Bytes certificate;
    bool changed = false;
    std::int64_t end = 0, number = 0;
    TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
      end = TRY(connection.integer(kEnd, {})).value_or(0);
      number = TRY(connection.integer(kNumber, {})).value_or(0) + 1;
      return connection.each(kNext, {end, static_cast<std::int64_t>(most)}, [&](const Row& row) {
        Bytes named = certificate_named_in(row.bytes(1));
        changed = !hashes.empty() && named != certificate;
        if (changed) return false;
        certificate = std::move(named);
        hashes.emplace_back(row.bytes(0));
        return true;
      });
    }));
    if (hashes.empty()) break;
    const auto count = static_cast<std::int64_t>(hashes.size());
    const base::Time now = parts_.clock.now();
    const BatchNote note{parts_.exchange, number, count, log::root_of(leaves_of(hashes)), now};
    const std::uint64_t log_from = parts_.log == nullptr ? 0 : parts_.log->head().size;
    TRY(parts_.database.write([&](Connection& connection) -> Result<void> {
      TRY(connection.run(kInsert,
                         {number, end + 1, end + count, now, note.text(), log_from, degraded}));
      return base::done();
    }));
    ++round.made;
    round.evidences += count;
    if (hashes.size() < most && !changed) break;
  }
  return base::done();
}

Result<std::vector<Sealer::Batch>> Sealer::batches(const Query& query, std::int64_t after) {
  std::vector<Batch> batches;
  const auto most = static_cast<std::int64_t>(parts_.options.round_max);
  TRY(parts_.database.read([&](Connection& connection) {
    return connection.each(query, {most, after}, [&](const Row& row) {
      batches.push_back({row.integer(0), row.integer(1), row.integer(2), row.string(3),
                         static_cast<std::uint64_t>(row.integer(4)), Bytes(row.bytes(5))});
      return true;
    });
  }));
  return batches;
}

bool Sealer::succeeded(std::string_view part, const Result<void>& done, Round& round) {
  if (done) {
    absent_since_.erase(std::string(part));
    return true;
  }
  absent_since_.try_emplace(std::string(part), parts_.clock.now());
  if (parts_.failed) parts_.failed(part);
  base::log::warning(
      "trust.evidence_delayed",
      {{"part", part}, {"reason", done.error().reason()}, {"detail", done.error().detail()}});
  round.failures.push_back(done.error());
  return false;
}

Result<Bytes> Sealer::certificate_of(const Batch& batch) {
  Bytes certificate;
  TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
    TRY(connection.first(kBody, {batch.first}, [&](const Row& row) {
      certificate = certificate_named_in(row.bytes(0));
    }));
    return base::done();
  }));
  return certificate;
}

bool Sealer::earlier(const Bytes& certificate, const Result<void>& done, Round& round) {
  if (done) {
    absent_earlier_.erase(certificate);
    return true;
  }
  round.failures.push_back(done.error());
  if (absent_earlier_.insert(certificate).second) {
    base::log::warning("trust.evidence_delayed", {{"part", kSignature.name},
                                                  {"certificate", base::hex(certificate)},
                                                  {"reason", done.error().reason()},
                                                  {"detail", done.error().detail()}});
  }
  return false;
}

// A key that is absent delays the batches of its own certificate and no others: after a change of
// keys the earlier one may never come back.
Result<void> Sealer::sign(Round& round) {
  std::vector<std::pair<std::int64_t, Bytes>> made;
  std::vector<Bytes> absent;
  std::int64_t after = 0;
  for (bool more = true; more && made.size() < parts_.options.round_max;) {
    const auto waiting = TRY(batches(kUnsigned, after));
    more = waiting.size() == parts_.options.round_max;
    for (const Batch& batch : waiting) {
      after = batch.number;
      const Bytes certificate = TRY(certificate_of(batch));
      if (std::find(absent.begin(), absent.end(), certificate) != absent.end()) continue;
      const auto attempt = [&]() -> Result<void> {
        Bytes signature = TRY(parts_.signer.sign(batch.note, parts_.clock.now(), certificate));
        made.emplace_back(batch.number, std::move(signature));
        return base::done();
      };
      const auto done = attempt();
      const bool current = certificate == parts_.signer.certificate();
      if (current ? succeeded(kSignature.name, done, round) : earlier(certificate, done, round)) {
        continue;
      }
      absent.push_back(certificate);
    }
  }
  if (made.empty()) return base::done();
  round.sealed = static_cast<std::int64_t>(made.size());
  return parts_.database.write([&](Connection& connection) -> Result<void> {
    for (const auto& [number, signature] : made) {
      TRY(connection.run(kSigned, {number, Blob{signature}}));
    }
    return base::done();
  });
}

Result<void> Sealer::enter(Round& round) {
  const auto waiting = TRY(batches(kUnlogged));
  if (waiting.empty()) return base::done();
  std::uint64_t end = 0;
  TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
    end = static_cast<std::uint64_t>(TRY(logged_to(connection)));
    return base::done();
  }));
  std::vector<std::pair<std::int64_t, std::uint64_t>> made;
  for (const Batch& batch : waiting) {
    const auto attempt = [&]() -> Result<void> {
      const std::uint64_t index = TRY(append(batch, end));
      made.emplace_back(batch.number, index);
      end = index + static_cast<std::uint64_t>(batch.last - batch.first + 1);
      return base::done();
    };
    if (!succeeded(kLog.name, attempt(), round)) break;
  }
  if (made.empty()) return base::done();
  round.logged = static_cast<std::int64_t>(made.size());
  return parts_.database.write([&](Connection& connection) -> Result<void> {
    for (const auto& [number, index] : made) TRY(connection.run(kLogged, {number, index}));
    return base::done();
  });
}

Result<void> Sealer::stamp(Round& round) {
  std::vector<std::pair<std::int64_t, Stamp>> made;
  const auto waiting = TRY(batches(kUnstamped));
  for (const Batch& batch : waiting) {
    const auto attempt = [&]() -> Result<void> {
      const Bytes imprint = base::sha256(batch.signature);
      Stamp stamp = TRY(parts_.timestamps->stamp(imprint, parts_.options.stamp_ms));
      made.emplace_back(batch.number, std::move(stamp));
      return base::done();
    };
    if (!succeeded(kTimestamp.name, attempt(), round)) break;
  }
  if (made.empty()) return base::done();
  round.stamped = static_cast<std::int64_t>(made.size());
  return parts_.database.write([&](Connection& connection) -> Result<void> {
    for (const auto& [number, stamp] : made) {
      TRY(connection.run(kStamped, {number, Blob{stamp.token}, stamp.at}));
    }
    return base::done();
  });
}

Result<std::uint64_t> Sealer::append(const Batch& batch, std::uint64_t logged_to) {
  std::vector<Bytes> entries;
  TRY(parts_.database.read([&](Connection& connection) {
    return connection.each(kHashes, {batch.first, batch.last}, [&](const Row& row) {
      entries.push_back(log_entry(row.bytes(0)));
      return true;
    });
  }));
  const std::uint64_t from = std::max(batch.log_from, logged_to);
  const std::uint64_t size = parts_.log->head().size;
  if (size < from) {
    return Error(base::Code::data_loss, "trust.log_rolled_back",
                 "the log has fewer entries than evidences were logged; restore its newest files",
                 "Nhật ký có ít mục hơn số bằng chứng đã ghi; hãy khôi phục tệp mới nhất");
  }
  // It may be there already, from an attempt whose end was not seen; a batch is there as a whole.
  if (size > from) {
    if (const auto found = TRY(parts_.log->find(entries.front(), from))) return *found;
  }
  return parts_.log->append(entries);
}

// What has been absent for long is said of the exchange, of the batches that lack it, and of those
// that are made meanwhile.
Result<void> Sealer::declare() {
  const std::vector<std::string> before = parts_.book.declared();
  std::vector<std::string> words;
  for (const Part* part : {&kSignature, &kTimestamp, &kLog}) {
    const auto since = absent_since_.find(part->name);
    if (since == absent_since_.end() ||
        parts_.clock.now() - since->second < parts_.options.degraded_after) {
      continue;
    }
    words.push_back(word_of(*part));
    if (std::find(before.begin(), before.end(), words.back()) != before.end()) continue;
    TRY(parts_.database.write([&](Connection& connection) -> Result<void> {
      TRY(connection.run(part->declare, {words.back()}));
      return base::done();
    }));
  }
  if (parts_.degraded) {
    for (std::string& word : parts_.degraded()) words.push_back(std::move(word));
  }
  parts_.book.declare(std::move(words));
  return base::done();
}

void Sealer::start() {
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      const auto next = std::chrono::steady_clock::now() + parts_.options.interval;
      lock.unlock();
      if (const auto round = step(); !round) {
        base::log::warning("trust.evidence_stalled", {{"reason", round.error().reason()},
                                                      {"detail", round.error().detail()}});
      }
      lock.lock();
      stopping_.wait_until(lock, next, [this] { return stop_; });
    }
  });
}

void Sealer::stop() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<Sealer::Health> Sealer::health() {
  Health health;
  TRY(parts_.database.read([&](Connection& connection) -> Result<void> {
    static_cast<Standing&>(health) =
        TRY(standing_of(connection, parts_.log != nullptr, parts_.timestamps != nullptr));
    return base::done();
  }));
  health.degradations = parts_.book.declared();
  return health;
}

}  // namespace trust::evidence
