// Whatever bytes come as a CMS signature or a timestamp: judged, never believed, never too long.
#include <cstdint>

#include "base/check.h"
#include "trust/judge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const trust::Anchors none;
  static const trust::Policy policy = trust::Policy::standard();
  const trust::Context context{
      .anchors = none, .policy = policy, .now = base::from_micros(1'795'000'000'000'000)};
  trust::CmsInput input;
  input.der = base::BytesView(reinterpret_cast<const char*>(data), size);
  for (const bool detached : {false, true}) {
    if (detached) {
      input.content = [](const auto& to) { return to("content"); };
    }
    input.pdf = detached;
    for (const auto& report : trust::judge_cms(input, context)) {
      CHECK(report.verdict != trust::Verdict::valid);
    }
    CHECK(trust::judge_timestamp(input, context).verdict != trust::Verdict::valid);
  }
  return 0;
}
