// Judging signatures by ETSI EN 319 102-1 (V1.3.1). This header is what the formats (pdf/, xml/,
// asice/) and the callers above build upon; OpenSSL stays behind it.
//
// Nothing here throws, and nothing that a stranger wrote may crash, hang or grow it: sizes and
// times are bounded by Limits, and what exceeds them is judged undetermined, never valid.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/anchors.h"
#include "trust/chain_cache.h"
#include "trust/policy.h"
#include "trust/revocation.h"
#include "trust/verdict.h"

namespace trust {

// Bytes with random access: a blob, an attachment unpacked to a spool file, or memory. Any thread.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t size() const = 0;
  // Fewer than `size` bytes only at the end.
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                            std::size_t size) const = 0;
  // SHA-256 of all of it, where it is known without reading.
  virtual std::optional<base::Bytes> sha256() const { return std::nullopt; }
};
// Keeps a view: `bytes` outlives it.
std::unique_ptr<Source> memory_source(base::BytesView bytes);

struct Limits {
  std::uint64_t cms_bytes = 8u << 20;  // of one CMS object
  std::size_t certificates = 64;       // in one signature
  std::size_t signatures = 64;         // in one document
  std::size_t chain = 8;
  std::uint64_t parsed_bytes = 32u << 20;  // of a PDF's or XML's structure held in memory
};

// Everything that judging depends on besides the document. Cheap to copy; what it refers to
// outlives the call.
struct Context {
  const Anchors& anchors;
  const Policy& policy;
  RevocationSource* revocation = nullptr;  // null: only what is embedded
  base::Time now;                          // the time judged at
  std::int64_t deadline_micros = 0;        // base::monotonic_micros() at which to give up; 0: never
  Limits limits = {};
  ChainCache* cache = nullptr;  // what earlier judgements found; null: everything anew

  bool out_of_time() const {
    return deadline_micros != 0 && base::monotonic_micros() >= deadline_micros;
  }
};

// The content that a detached signature covers, as pieces in order.
using Feed =
    std::function<base::Result<void>(const std::function<base::Result<void>(base::BytesView)>&)>;

// What a format already knows of a CMS signature, or adds from outside of it (a PDF's DSS).
struct CmsInput {
  base::BytesView der;                        // may be followed by zero padding, as in a PDF
  Feed content;                               // empty when the content is inside
  std::optional<base::Bytes> content_sha256;  // of what `content` feeds, where it is known
  bool pdf = false;  // PAdES rules: no signing-time attribute as proof, message digest must be
  std::vector<base::Bytes> certificates, crls, ocsp_responses;  // DER
  std::optional<base::Time> claimed_at;
  // The earliest time at which the signature is proven to have existed, from outside (a document
  // timestamp, an evidence).
  std::optional<base::Time> proven_at;
};
// One report for each SignerInfo. A CMS that cannot be read at all gives one report with
// format_failure.
std::vector<SignatureReport> judge_cms(const CmsInput& input, const Context& context);

// RFC 3161: the token over `digest` of `algorithm` ("SHA-256"). proven_at of the report is its
// genTime when valid.
SignatureReport judge_timestamp(base::BytesView token, base::BytesView digest,
                                std::string_view algorithm,
                                const std::vector<base::Bytes>& certificates,
                                const Context& context);
// The same where the token (`der`) covers what `content` feeds, with the token's own algorithm: a
// PDF's document timestamp, with what the PDF's DSS holds and the time a later timestamp proves.
SignatureReport judge_timestamp(const CmsInput& input, const Context& context);

// For XML signatures, which bring their own cryptography: the blocks 5.2.6 (X.509 validation)
// and 5.3 for `signer`, appended to `report` (steps, chain, capacity, verdict, sub).
// `report.verdict` must be what the cryptographic checks gave; a failure there stays.
struct SignerInput {
  base::Bytes certificate;                                      // DER
  std::vector<base::Bytes> certificates, crls, ocsp_responses;  // DER, untrusted
  std::optional<base::Time> proven_at;
  std::string digest, signature;  // algorithm names, for the policy
};
void judge_signer(const SignerInput& input, const Context& context, SignatureReport& report);

}  // namespace trust
