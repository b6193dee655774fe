#include "identity/sign_in/attempts.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "base/text.h"

namespace identity {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using store::Blob;
using store::Query;

constexpr int kLoginFree = 5, kNetworkFree = 30;
constexpr int kDoublingsMax = 12;
constexpr base::Duration kLongest = minutes(15), kLongestSite = minutes(1);
constexpr base::Duration kKept = hours(24 * 30);  // how long a known network stays known

const Query kFind{"identity.attempt_find",
                  "select level, counted_at, blocked_until, known from sign_in_attempt "
                  "where subject = $1"};
const Query kPut{"identity.attempt_put",
                 "insert into sign_in_attempt (subject, level, counted_at, blocked_until, known) "
                 "values ($1, $2, $3, $4, $5) on conflict (subject) do update set "
                 "level = excluded.level, counted_at = excluded.counted_at, "
                 "blocked_until = excluded.blocked_until, known = excluded.known"};
const Query kForget{"identity.attempts_forget",
                    "delete from sign_in_attempt where counted_at < $1"};

struct Row {
  std::int64_t level = 0;
  base::Time counted_at, blocked_until;
  bool known = false;
};

base::Result<Row> find(store::Connection& connection, const base::Bytes& subject) {
  Row found;
  TRY(connection.first(kFind, {Blob{subject}}, [&](const store::Row& row) {
    found = {row.integer(0), row.time(1), row.time(2), row.integer(3) != 0};
  }));
  return found;
}

base::Error delayed(base::Duration wait) {
  const std::string shown = std::to_string(std::chrono::ceil<seconds>(wait).count());
  return base::Error(
      base::Code::too_many, "identity.sign_in_delayed",
      "too many wrong attempts; try again in " + shown + " seconds, or sign in with a passkey",
      "đã nhập sai quá nhiều lần; hãy thử lại sau " + shown +
          " giây, hoặc đăng nhập bằng khóa truy cập");
}

}  // namespace

// Fills by `cost` with each attempt and runs empty with time; above `free` attempts each doubles
// the wait.
struct Attempts::Bucket {
  base::Bytes subject;
  int free;
  base::Duration cost;
  base::Duration longest;
  bool known = false;

  std::int64_t level(const Row& row, base::Time now) const {
    const std::int64_t elapsed = std::max<std::int64_t>((now - row.counted_at).count(), 0);
    return std::max<std::int64_t>(row.level - elapsed, 0);
  }
  base::Duration delay(std::int64_t level) const {
    const std::int64_t over = (level + cost.count() - 1) / cost.count() - free;
    if (over <= 0) return base::Duration(0);
    const auto doublings = std::min<std::int64_t>(over - 1, kDoublingsMax);
    return std::min<base::Duration>(seconds(std::int64_t{1} << doublings), longest);
  }
  Row after(const Row& before, base::Time now) const {
    Row row = before;
    row.level = std::min(level(before, now) + cost.count(), (free + kDoublingsMax) * cost.count());
    row.counted_at = now;
    row.blocked_until = now + delay(row.level);
    row.known = known;
    return row;
  }
  // A wait longer than any means that the clock was set back.
  base::Duration wait(const Row& row, base::Time now) const {
    const base::Duration left = row.blocked_until - now;
    return left > longest ? base::Duration(0) : std::max(left, base::Duration(0));
  }
};

std::string network_of(std::string_view address) {
  const std::string text(address);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
    const std::array<unsigned char, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (!std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
      std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
      std::array<char, INET6_ADDRSTRLEN> out{};
      inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
      return std::string(out.data()) + "/64";
    }
    std::copy(bytes.begin() + 12, bytes.end(), bytes.begin());
  } else if (inet_pton(AF_INET, text.c_str(), bytes.data()) != 1) {
    return text;
  }
  bytes[3] = 0;
  std::array<char, INET_ADDRSTRLEN> out{};
  inet_ntop(AF_INET, bytes.data(), out.data(), out.size());
  return std::string(out.data()) + "/24";
}

Attempts::Attempts(store::Database& database, const base::Clock& clock, base::Bytes key,
                   int failures_max)
    : database_(database), clock_(clock), key_(std::move(key)), failures_max_(failures_max) {}

base::Bytes Attempts::known_subject(std::string_view login, std::string_view address) const {
  return base::hmac_sha256(key_, "known " + network_of(address) + " " + base::lower_ascii(login));
}

std::vector<Attempts::Bucket> Attempts::buckets(std::string_view login, std::string_view address,
                                                bool known) const {
  const auto hidden = [&](const std::string& text) { return base::hmac_sha256(key_, text); };
  std::vector<Bucket> all;
  if (known) {
    all.push_back({known_subject(login, address), kLoginFree, minutes(10), kLongest, true});
    return all;
  }
  all.push_back({hidden("login " + base::lower_ascii(login)), kLoginFree, minutes(10), kLongest});
  all.push_back({hidden("network " + network_of(address)), kNetworkFree, minutes(1), kLongest});
  const base::Duration ten_minutes = minutes(10);
  all.push_back({hidden("site"), failures_max_, ten_minutes / failures_max_, kLongestSite});
  return all;
}

base::Result<void> Attempts::add(std::string_view login, std::string_view address, bool refuse) {
  base::Duration wait(0);
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    wait = base::Duration(0);
    const base::Time now = clock_.now();
    const Row pair = TRY(find(connection, known_subject(login, address)));
    const auto all = buckets(login, address, pair.known);
    std::vector<Row> rows;
    for (const Bucket& bucket : all) {
      rows.push_back(TRY(find(connection, bucket.subject)));
      wait = std::max(wait, bucket.wait(rows.back(), now));
    }
    if (refuse && wait > base::Duration(0)) return base::done();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Row row = all[i].after(rows[i], now);
      TRY(connection.run(
          kPut, {Blob{all[i].subject}, row.level, row.counted_at, row.blocked_until, row.known}));
    }
    TRY(connection.run(kForget, {now - kKept}));
    return base::done();
  }));
  if (refuse && wait > base::Duration(0)) return delayed(wait);
  return base::done();
}

base::Result<void> Attempts::admit(std::string_view login, std::string_view address) {
  return add(login, address, true);
}

base::Result<void> Attempts::count(std::string_view login, std::string_view address) {
  return add(login, address, false);
}

base::Result<void> Attempts::succeeded(store::Connection& connection, std::string_view login,
                                       std::string_view address) {
  const base::Time now = clock_.now();
  const Row pair = TRY(find(connection, known_subject(login, address)));
  if (!pair.known) {
    for (const Bucket& bucket : buckets(login, address, false)) {
      Row row = TRY(find(connection, bucket.subject));
      // Of the network and the site, only this attempt; what others did there stays counted.
      row.level = std::max<std::int64_t>(bucket.level(row, now) - bucket.cost.count(), 0);
      if (bucket.free == kLoginFree) row.level = 0;
      if (bucket.delay(row.level) == base::Duration(0)) row.blocked_until = now;
      TRY(connection.run(kPut, {Blob{bucket.subject}, row.level, now, row.blocked_until, false}));
    }
  }
  TRY(connection.run(kPut, {Blob{known_subject(login, address)}, 0, now, now, true}));
  return base::done();
}

}  // namespace identity
