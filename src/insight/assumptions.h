// Assumption sheets: what a saving rests on besides counts. Each value says its range, where it
// comes from, whose it is and from when it holds; none is ever changed, only followed by another.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/exchange.h"
#include "identity/principal.h"
#include "insight/decimal.h"

namespace insight {

// What can be assumed.
struct AssumptionKind {
  std::string_view code;  // "post.price"
  std::string_view unit;  // "dong/delivery"
  base::Text name;
};
const std::vector<AssumptionKind>& assumption_kinds();

struct Assumption {
  std::int64_t version = 0;  // 0: of the sheet that Trúc brings along
  std::string code;
  Decimal value, low, high;
  std::string source, owner, note;
  std::string source_en, owner_en, note_en;  // of the sheet that Trúc brings along; else empty
  std::int64_t valid_from = 0;               // a day
  std::string set_by;
  base::Time set_at;
};

// What holds on one day: one value for each kind.
using Sheet = std::map<std::string, Assumption, std::less<>>;

// Everything that was ever set, and before it what Trúc brings along.
class Assumptions {
 public:
  // Any thread. Errors: those of the store.
  static base::Result<Assumptions> read(exchange::Exchange& exchange);
  const std::vector<Assumption>& all() const { return all_; }
  Sheet on(std::int64_t day) const;
  // The version of the last one that was set; 0: none.
  std::int64_t version() const { return all_.empty() ? 0 : all_.back().version; }

 private:
  friend base::Result<Assumptions> assumptions_up_to(exchange::Exchange&, std::int64_t);
  std::vector<Assumption> all_;  // by version
};
// As they were when `version` was the last one.
base::Result<Assumptions> assumptions_up_to(exchange::Exchange& exchange, std::int64_t version);

// Sets a value; durable, with its entry in the journal. `value` to `note` and `valid_from` are
// taken from `wanted`. Gives it back with its version. insight.unknown_assumption,
// insight.bad_range (low <= value <= high), insight.bad_assumption (no source or owner, or a text
// that is too long). Rights are the caller's to check.
base::Result<Assumption> set_assumption(exchange::Exchange& exchange, const identity::Principal& by,
                                        Assumption wanted);

// The checks of set_assumption() alone.
base::Result<void> check_range(const Assumption& wanted);

}  // namespace insight
