#include "trust/evidence/batch.h"

#include "base/hash.h"
#include "base/text.h"
#include "trust/evidence/evidence.h"

namespace trust::evidence {

namespace {
constexpr std::string_view kMagic = "truc-evidence-batch/v1";
constexpr std::size_t kLines = 6;
}  // namespace

std::string BatchNote::text() const {
  return std::string(kMagic) + "\n" + exchange + "\n" + std::to_string(number) + "\n" +
         std::to_string(count) + "\n" + base::base64(root) + "\n" + base::iso_time_text(at) + "\n";
}

base::Result<BatchNote> BatchNote::parse(std::string_view text) {
  const base::Error malformed(base::Code::invalid, "trust.evidence_batch_malformed",
                              "this is not the note of a batch of evidences",
                              "Đây không phải ghi chú của một lô bằng chứng");
  const auto lines = base::split(text, '\n');
  if (lines.size() != kLines + 1 || lines[0] != kMagic || !lines[kLines].empty()) return malformed;
  const auto number = base::parse_int(lines[2]), count = base::parse_int(lines[3]);
  const auto root = base::from_base64(lines[4]);
  if (!number || !count || *count < 1 || !root || root->size() != base::kSha256Bytes) {
    return malformed;
  }
  const auto at = parse_time(lines[5]);
  if (!at) return malformed;
  BatchNote note{std::string(lines[1]), *number, *count, *root, *at};
  if (note.text() != text) return malformed;
  return note;
}

log::Hashes leaves_of(const std::vector<base::Bytes>& evidence_hashes) {
  log::Hashes leaves;
  leaves.reserve(evidence_hashes.size());
  for (const base::Bytes& hash : evidence_hashes) leaves.push_back(log::leaf_hash(log_entry(hash)));
  return leaves;
}

}  // namespace trust::evidence
