// For tests of judging: one demonstration authority for all, its anchor, and signing with it.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "trust/demo/authority.h"
#include "trust/judge.h"

namespace trust::testing {

inline const base::Time kNow = *base::parse_vietnam_time("2026/11/22 09:30:00");
inline constexpr auto kDay = std::chrono::hours(24);
// What is signed.
const base::Bytes& content();

// The authority of this process, made once: keys take time.
demo::Authority& authority();
const Anchors& anchors();
demo::Credential issue(const demo::Wish& wish);

struct Signing {
  std::optional<base::Time> claimed = {};
  std::optional<base::Time> stamped = {};
};
base::Bytes sign(const demo::Credential& by, const Signing& how = {});

struct Verdicts {
  Verdict verdict;
  SubIndication sub;
  bool operator==(const Verdicts&) const = default;
};
void PrintTo(const Verdicts& it, std::ostream* out);
inline const Verdicts kValid{Verdict::valid, SubIndication::none};
inline Verdicts invalid(SubIndication sub) { return {Verdict::invalid, sub}; }
inline Verdicts undetermined(SubIndication sub) { return {Verdict::undetermined, sub}; }

}  // namespace trust::testing
