// Any bytes as a container: judged without a crash, never valid, since nobody is trusted; and what
// can be read can be written and read again.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "trust/asice/judge_asice.h"
#include "trust/asice/zip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const trust::Anchors anchors;
  static const trust::Policy policy = trust::Policy::standard();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const trust::Context context{
      .anchors = anchors, .policy = policy, .revocation = nullptr, .now = base::from_micros(1)};
  const auto source = trust::memory_source(bytes);
  CHECK(trust::judge_asice(*source, context).verdict() != trust::Verdict::valid);

  const base::Result<trust::ZipReader> reader = trust::ZipReader::open(*source);
  if (!reader.ok()) return 0;
  base::Bytes again;
  trust::ZipWriter writer([&again](base::BytesView piece) {
    again += piece;
    return base::done();
  });
  std::size_t written = 0;
  for (const trust::ZipEntry& entry : reader->entries()) {
    CHECK(trust::is_container_name(entry.name));
    const base::Result<base::Bytes> content = reader->read_all(entry, context, 1u << 20);
    if (!content.ok()) continue;
    CHECK(content->size() == entry.size);
    CHECK(writer.add(entry.name, *content).ok());
    ++written;
  }
  CHECK(writer.finish().ok());
  const auto copy = trust::memory_source(again);
  const base::Result<trust::ZipReader> second = trust::ZipReader::open(*copy);
  CHECK(second.ok() && second->entries().size() == written);
  return 0;
}
