// The building blocks that every format shares: X.509 validation with its revocation (EN 319 102-1
// §5.2.5, §5.2.6) at the proper time, and the algorithms (§5.2.8).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "trust/path.h"
#include "trust/revocation_check.h"
#include "trust/verdict.h"

namespace trust {

// What a block, or all of them, came to.
struct Conclusion {
  Verdict verdict = Verdict::valid;
  SubIndication sub = SubIndication::none;
  bool good() const { return verdict == Verdict::valid; }
};
// The indication that goes with a sub-indication.
Conclusion conclude(SubIndication sub);
void add_step(SignatureReport& report, std::string_view block, Verdict outcome, std::string vi,
              std::string en);
std::string time_text(base::Time time);  // for people: local, with its zone

struct Subject {
  CertificatePtr certificate;
  std::vector<CertificatePtr> others;
  RevocationMaterial material;
  Purpose purpose = Purpose::signature;
  std::optional<base::Time> proven_at;  // it existed then
  std::optional<base::Time> not_older;  // it did not exist before: its own claim, used against it
  bool fetch = true;                    // revocation may be asked for
  std::vector<std::string> digests;     // for the policy
  Path path;                            // found by validate_certificate
};

// Each adds its steps; the first, which comes first, fills chain, capacity and subject.path too.
Conclusion validate_certificate(Subject& subject, const Context& context, SignatureReport& report);
Conclusion validate_algorithms(const Subject& subject, const Context& context,
                               SignatureReport& report);

}  // namespace trust
