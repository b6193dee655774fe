// Do the references of a signature hold, and what do they cover?
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trust/judge.h"
#include "trust/xml/judge_xml.h"
#include "trust/xml/signature.h"

namespace trust::xml {

// Bounds what one file may cost: a canonical form walks the whole document, however little of it
// is signed.
class Work {
 public:
  Work(std::uint64_t one_pass, const Context& context) : one_pass_(one_pass), context_(context) {}
  // trust.xml_too_large, trust.out_of_time.
  base::Result<void> spend(std::uint64_t passes);

 private:
  const std::uint64_t one_pass_;
  const Context& context_;
  std::uint64_t spent_ = 0;
};

struct Coverage {
  bool whole = false;              // the root element, with everything but this signature
  bool signed_properties = false;  // this signature's own
  std::vector<std::string> covers;
  std::string weakest_digest;  // of those used
};

// The weaker of two digest algorithms; the other one where one is empty.
std::string_view weaker(std::string_view a, std::string_view b);

// Appends steps to `report` and lowers its verdict where a reference does not hold.
Coverage judge_references(const Signature& signature, const Resolve& resolve,
                          const Context& context, Work& work, SignatureReport& report);

// How many passes a canonicalisation costs; trust.xml_signature when its list of prefixes is
// beyond reason.
base::Result<std::uint64_t> passes_of(Node* parameters);

}  // namespace trust::xml
