#include "trust/log/proof.h"

#include "base/hash.h"
#include "base/text.h"

namespace trust::log {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr std::string_view kMagic = "c2sp.org/tlog-proof@v1\n";
constexpr std::size_t kPathMax = 63;

Error malformed() {
  return Error(Code::invalid, "trust.log_proof_malformed",
               "this is not a proof of an entry (c2sp.org/tlog-proof@v1)",
               "Đây không phải bằng chứng của một mục nhật ký (c2sp.org/tlog-proof@v1)");
}

}  // namespace

std::string Proof::text() const {
  std::string out(kMagic);
  if (extra) out += "extra " + base::base64(*extra) + "\n";
  out += "index " + std::to_string(index) + "\n";
  for (const Bytes& hash : path) out += base::base64(hash) + "\n";
  return out + "\n" + checkpoint;
}

Result<Proof> Proof::parse(std::string_view text) {
  if (!text.starts_with(kMagic) || text.size() > 2 * kNoteBytesMax) return malformed();
  text.remove_prefix(kMagic.size());
  const std::size_t blank = text.find("\n\n");
  if (blank == text.npos) return malformed();
  Proof proof;
  proof.checkpoint = Bytes(text.substr(blank + 2));
  auto lines = base::split(text.substr(0, blank), '\n');
  if (lines.front().starts_with("extra ")) {
    proof.extra = base::from_base64(lines.front().substr(6));
    if (!proof.extra) return malformed();
    lines.erase(lines.begin());
  }
  if (lines.empty() || !lines.front().starts_with("index ")) return malformed();
  const auto index = parse_size(lines.front().substr(6));
  if (!index || lines.size() > 1 + kPathMax) return malformed();
  proof.index = *index;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto hash = base::from_base64(lines[i]);
    if (!hash || hash->size() != base::kSha256Bytes) return malformed();
    proof.path.push_back(std::move(*hash));
  }
  return proof;
}

Result<Proof> prove(LogSource& source, std::uint64_t index, base::BytesView checkpoint,
                    const NoteVerifier& log) {
  const SignedCheckpoint head = TRY(SignedCheckpoint::read(checkpoint, log));
  if (index >= head.head.size) {
    return Error(Code::not_found, "trust.log_proof_invalid",
                 "the head does not reach as far as the entry yet",
                 "Đầu nhật ký chưa bao gồm mục này");
  }
  TileTree tree(source, head.head.size);
  Proof proof;
  proof.index = index;
  proof.path = TRY(tree.inclusion(index));
  proof.checkpoint = Bytes(checkpoint);
  const Bytes leaf = TRY(tree.hash(index, index + 1));
  TRY(verify_inclusion(leaf, index, head.head.size, proof.path, head.head.root));
  return proof;
}

Result<Proven> verify(const Proof& proof, base::BytesView entry, const ProofPolicy& policy) {
  const SignedCheckpoint head = TRY(SignedCheckpoint::read(proof.checkpoint, policy.log));
  TRY(verify_inclusion(leaf_hash(entry), proof.index, head.head.size, proof.path, head.head.root));
  Proven proven{head.head, cosignatures_of(head.note, policy.witnesses)};
  if (proven.cosignatures.size() < policy.witnesses_min) {
    return Error(Code::forbidden, "trust.log_witnesses_missing",
                 std::to_string(proven.cosignatures.size()) + " known witnesses cosigned; " +
                     std::to_string(policy.witnesses_min) + " are asked for",
                 std::to_string(proven.cosignatures.size()) + " nhân chứng đã biết cùng ký; cần " +
                     std::to_string(policy.witnesses_min));
  }
  return proven;
}

}  // namespace trust::log
