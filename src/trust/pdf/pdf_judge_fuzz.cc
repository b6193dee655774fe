// Any bytes as a PDF: read strictly, its signatures found, its revisions compared. What the judge
// says of it must agree with itself, and a file without a whole revision is never permitted
// anything.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "trust/pdf/dss.h"
#include "trust/pdf/history.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trust;
  using namespace trust::pdf;
  const auto source = memory_source(std::string_view(reinterpret_cast<const char*>(data), size));
  Limits limits;
  limits.parsed_bytes = 1u << 20;
  limits.signatures = 8;
  Budget budget(limits, 0);
  const auto file = File::open(*source, size, false, budget);
  if (!file.ok()) return 0;
  CHECK((*file)->end() <= size);
  auto signatures = signatures_of(**file, limits);
  if (!signatures.ok()) return 0;
  const auto history = history_of(**file, *source, *signatures);
  static_cast<void>(security_store(**file, limits));
  if (!history.ok()) return 0;
  std::uint64_t end = 0;
  for (const Revision& revision : history->revisions) {
    CHECK(revision.end > end && revision.end <= size);
    end = revision.end;
  }
  for (const Signature& signature : *signatures) {
    if (signature.wrong) continue;
    CHECK(signature.range[0] == 0 && signature.range[1] < signature.range[2] &&
          signature.end <= size);
    CHECK(data[signature.range[1]] == '<' && data[signature.range[2] - 1] == '>');
    static_cast<void>(contents_of(**file, signature, limits));
    const Later later = later_than(*history, signature);
    CHECK(later.verdict == Verdict::valid || !later.worst.en.empty());
  }
  return 0;
}
