// Which algorithms are good until when (EN 319 102-1 §5.2.8; ETSI TS 119 312 and SOG-IS for the
// dates), and what else a signature must have. docs/operations/trust.md has the table; a test
// compares them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace trust {

struct AlgorithmRule {
  std::string name;  // "SHA-1", "RSA", "ECDSA"
  int bits_min = 0;  // for keys; 0 for digests
  // The first moment at which it is no longer good; nothing: no end is set; Time{}: never good.
  std::optional<base::Time> good_until;
};

struct Policy {
  std::vector<AlgorithmRule> algorithms;
  base::Duration revocation_max_age =
      std::chrono::hours(24 * 7);  // of a CRL or OCSP answer without nextUpdate
  base::Duration clock_tolerance = std::chrono::minutes(5);  // timestamps from the future
  bool require_revocation = true;  // without any revocation information: undetermined (TRY_LATER)

  // Whose seal a certificate is (SignatureReport::capacity): certificate policies (OIDs) that only
  // organisations get, and words that only an organisation's name begins with.
  std::vector<std::string> organisation_policies, organisation_words;

  static Policy standard();
  // As in AlgorithmRule, by the most demanding rule that the key is long enough for; nothing when
  // it always was and is; Time{} when it never was (unknown algorithms too).
  std::optional<base::Time> good_until(std::string_view name, int bits) const;
};

}  // namespace trust
