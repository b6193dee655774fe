// Any bytes as a bundle of evidence and as each of its own forms: judged without a crash, never
// valid, since nobody is trusted; what can be read is what would be written.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "trust/bundle/contents.h"
#include "trust/bundle/judge_bundle.h"
#include "trust/bundle/reading.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const trust::Anchors anchors;
  static const trust::Policy policy = trust::Policy::standard();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const trust::Context context{
      .anchors = anchors, .policy = policy, .revocation = nullptr, .now = base::from_micros(1)};
  const auto source = trust::memory_source(text);
  static_cast<void>(trust::bundle::is_bundle(*source));
  const auto report = trust::bundle::judge_bundle(*source, context, {});
  CHECK(report.verdict() != trust::Verdict::valid);
  CHECK(!report.cause().empty());
  static_cast<void>(trust::bundle::to_text(report, base::Language::vietnamese));
  static_cast<void>(trust::bundle::to_json(report));

  if (const auto certificates = trust::bundle::read_certificates(text)) {
    CHECK(trust::bundle::certificates_text(*certificates) == text);
  }
  const std::string index(trust::bundle::kRevocationIndex);
  if (const auto answers = trust::bundle::RevocationAnswers::read({{index, text}})) {
    CHECK(answers->files().at(index) == text);
  }
  if (const auto proof = trust::bundle::exact_proof(text)) CHECK(proof->text() == text);
  static_cast<void>(trust::bundle::certificates_of_token(text));
  return 0;
}
