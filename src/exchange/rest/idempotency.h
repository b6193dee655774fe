// Idempotency-Key: a client that did not get its answer repeats the request with the same key, and
// gets the first answer instead of a second effect. Answers are kept for a day, over restarts.
//
// The three steps are changes of their own. After a crash between the effect and its answer, the
// repeated request runs again: what it calls has to bear that, as every change of the exchange
// does.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "http/message.h"
#include "store/database.h"

namespace exchange::rest {

inline constexpr auto kAnswersKept = std::chrono::hours(24);
inline constexpr std::size_t kKeyBytesMax = 255;
inline constexpr std::size_t kAnswerBytesMax = 256 * 1024;

// One request that bears a key.
struct Keyed {
  std::string principal, key, route;
  base::Bytes digest;  // of all that makes the request what it is
};

// Of one serving process. Any thread.
class Idempotency {
 public:
  // `database` outlives it.
  Idempotency(store::Database& database, base::Random& random)
      : database_(database), process_(static_cast<std::int64_t>(random.number() >> 1)) {}

  // The answer given before, or nothing when the request is to be carried out now; then keep() or
  // release() must follow. rest.key_reused (422) for another request with this key, rest.key_in_use
  // (Code::conflict) while the first is being carried out. What an earlier process began and did
  // not answer is begun again.
  base::Result<std::optional<http::Response>> claim(const Keyed& keyed, base::Time now);
  // Durable when it returns.
  base::Result<void> keep(const Keyed& keyed, const http::Response& answer, base::Time now);
  // The request failed, and nothing came of it: it may be repeated with the same key.
  base::Result<void> release(const Keyed& keyed);

 private:
  store::Database& database_;
  const std::int64_t process_;
};

// The API's own tables.
const std::vector<store::Migration>& migrations();

}  // namespace exchange::rest
