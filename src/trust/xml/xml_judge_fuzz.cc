// Any bytes as an XML document: judged without a crash, within its bounds, and never valid, since
// nobody is trusted.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "trust/xml/asic_manifest.h"
#include "trust/xml/judge_xml.h"
#include "trust/xml/sign_xades.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const trust::Anchors anchors;
  static const trust::Policy policy = trust::Policy::standard();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const trust::Context context{
      .anchors = anchors, .policy = policy, .revocation = nullptr, .now = base::from_micros(1)};
  const auto source = trust::memory_source(bytes);
  const trust::DocumentReport alone = trust::judge_xml(*source, context);
  CHECK(alone.verdict() != trust::Verdict::valid);
  CHECK(alone.signatures.size() <= context.limits.signatures);
  const trust::Resolve resolve =
      [](std::string_view uri, std::string_view) -> base::Result<std::optional<trust::Detached>> {
    const std::optional<std::string> name = trust::name_of_uri(uri);
    if (!name) return std::optional<trust::Detached>();
    return std::optional<trust::Detached>(trust::Detached{*name, "digest"});
  };
  CHECK(trust::judge_xml(*source, context, resolve).verdict() != trust::Verdict::valid);
  (void)trust::read_asic_manifest(bytes, context).ok();
  return 0;
}
