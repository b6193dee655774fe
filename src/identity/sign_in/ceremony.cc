#include "identity/sign_in/ceremony.h"

#include <utility>

#include "base/hash.h"
#include "identity/sign_in/encoding.h"

namespace identity {
namespace {

using store::Blob;
using store::Query;

constexpr std::size_t kTokenBytes = 32;
constexpr std::int64_t kCeremoniesMax = 20000;

const Query kPurge{"identity.ceremonies_purge",
                   "delete from sign_in_ceremony where expires_at <= $1"};
const Query kCount{"identity.ceremonies_count", "select count(*) from sign_in_ceremony"};
const Query kInsert{"identity.ceremony_insert",
                    "insert into sign_in_ceremony (hash, kind, person, session, data, tries, "
                    "expires_at) values ($1, $2, $3, $4, $5, 0, $6)"};
const Query kFind{"identity.ceremony_find",
                  "select kind, person, session, data, tries, expires_at from sign_in_ceremony "
                  "where hash = $1"};
const Query kTried{"identity.ceremony_tried",
                   "update sign_in_ceremony set tries = tries + 1 where hash = $1"};
const Query kEnd{"identity.ceremony_end", "delete from sign_in_ceremony where hash = $1"};
const Query kEndOf{"identity.ceremonies_end",
                   "delete from sign_in_ceremony where person = $1 and kind = $2"};

base::Error over() {
  return base::Error(base::Code::unauthenticated, "identity.ceremony_over",
                     "the time for this step is over, or it was done already; begin again",
                     "bước này đã quá thời gian hoặc đã được thực hiện; hãy làm lại từ đầu");
}

}  // namespace

Ceremonies::Ceremonies(store::Database& database, const base::Clock& clock, base::Random& random,
                       base::Bytes key)
    : database_(database), clock_(clock), random_(random), key_(std::move(key)) {}

base::Result<std::string> Ceremonies::begin(CeremonyKind kind, const Ceremony& ceremony,
                                            base::Duration lifetime) {
  const std::string token = base64url(random_.bytes(kTokenBytes));
  const base::Bytes hash = base::sha256(token);
  const base::Bytes sealed = base::seal(key_, hash, ceremony.data.dump(), random_.bytes(12));
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    const base::Time now = clock_.now();
    TRY(connection.run(kPurge, {now}));
    if (TRY(connection.integer(kCount, {})).value_or(0) >= kCeremoniesMax) {
      return base::Error(base::Code::unavailable, "identity.sign_in_busy",
                         "too many people sign in at this moment; try again in a few minutes",
                         "đang có quá nhiều người đăng nhập; hãy thử lại sau vài phút");
    }
    TRY(connection.run(kInsert, {Blob{hash}, static_cast<int>(kind), ceremony.person,
                                 ceremony.session, Blob{sealed}, now + lifetime}));
    return base::done();
  }));
  return token;
}

base::Result<Ceremony> Ceremonies::open(std::string_view token, CeremonyKind kind, int tries_max) {
  const base::Bytes hash = base::sha256(token);
  Ceremony found;
  base::Bytes sealed;
  bool is_there = false;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    std::int64_t tries = 0;
    base::Time expires_at;
    bool of_kind = false;
    is_there = TRY(connection.first(kFind, {Blob{hash}}, [&](const store::Row& row) {
      found.person = row.integer(1);
      found.session = row.integer(2);
      sealed = base::Bytes(row.bytes(3));
      tries = row.integer(4);
      expires_at = row.time(5);
      of_kind = row.integer(0) == static_cast<int>(kind);
    }));
    is_there = is_there && of_kind && clock_.now() < expires_at && tries < tries_max;
    if (is_there) TRY(connection.run(tries_max == 1 ? kEnd : kTried, {Blob{hash}}));
    return base::done();
  }));
  if (!is_there) return over();
  const auto plain = base::unseal(key_, hash, sealed);
  auto data = plain ? base::Json::parse(*plain) : base::Result<base::Json>(over());
  if (!data) return over();
  found.data = std::move(*data);
  return found;
}

base::Result<Ceremony> Ceremonies::take(std::string_view token, CeremonyKind kind) {
  return open(token, kind, 1);
}

base::Result<Ceremony> Ceremonies::use(std::string_view token, CeremonyKind kind, int tries_max) {
  return open(token, kind, tries_max);
}

base::Result<void> Ceremonies::end(store::Connection& connection, std::string_view token) {
  const base::Bytes hash = base::sha256(token);
  TRY(connection.run(kEnd, {Blob{hash}}));
  return base::done();
}

base::Result<void> Ceremonies::end_sign_ins(store::Connection& connection, PersonKey person) {
  TRY(connection.run(kEndOf, {person, static_cast<int>(CeremonyKind::second_factor)}));
  return base::done();
}

}  // namespace identity
