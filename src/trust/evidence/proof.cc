#include "trust/evidence/proof.h"

#include "base/hash.h"
#include "base/json.h"

namespace trust::evidence {

using base::Bytes;
using base::Json;
using base::Result;

namespace {

constexpr std::string_view kFormat = "truc-evidence-proof/1";
constexpr std::size_t kProofBytesMax = 8u << 20;
constexpr std::size_t kPathMax = 63;

}  // namespace

std::string EvidenceProof::text() const {
  Json hashes{Json::Array{}};
  for (const Bytes& hash : path) hashes.push(base::base64(hash));
  Json out;
  out.add("format", kFormat);
  out.add("evidence", evidence);
  out.add("index", static_cast<std::int64_t>(index));
  out.add("path", std::move(hashes));
  out.add("note", note);
  if (!signature.empty()) out.add("signature", base::base64(signature));
  if (!timestamp.empty()) out.add("timestamp", base::base64(timestamp));
  if (!log_proof.empty()) out.add("log", log_proof);
  return out.dump(Json::Style::pretty) + "\n";
}

Result<EvidenceProof> EvidenceProof::parse(std::string_view text) {
  const base::Error malformed(base::Code::invalid, "trust.evidence_proof_malformed",
                              "this is not the proof of an evidence (truc-evidence-proof/1)",
                              "Đây không phải tệp bằng chứng (truc-evidence-proof/1)");
  if (text.size() > kProofBytesMax) return malformed;
  auto json = Json::parse(text);
  if (!json || (*json)["format"].text() != kFormat) return malformed;
  const Json& in = *json;
  const auto bytes = [&](const char* name) { return base::from_base64(in[name].text()); };
  const auto signature = bytes("signature"), timestamp = bytes("timestamp");
  const std::int64_t index = in["index"].integer(-1);
  if (!signature || !timestamp || index < 0 || in["path"].array().size() > kPathMax) {
    return malformed;
  }
  EvidenceProof proof;
  proof.evidence = Bytes(in["evidence"].text());
  proof.index = static_cast<std::uint64_t>(index);
  for (const Json& element : in["path"].array()) {
    auto hash = base::from_base64(element.text());
    if (!hash || hash->size() != base::kSha256Bytes) return malformed;
    proof.path.push_back(std::move(*hash));
  }
  proof.note = std::string(in["note"].text());
  proof.signature = *signature;
  proof.timestamp = *timestamp;
  proof.log_proof = std::string(in["log"].text());
  return proof;
}

}  // namespace trust::evidence
